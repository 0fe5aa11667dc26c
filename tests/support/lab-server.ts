// A server of the lab on a temporary folder, and raw requests to it as a hostile client would send them.
import { mkdtemp, realpath, rm } from "node:fs/promises";
import http from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { KernelSpec } from "../../kernel/protocol/kernel-spec.ts";
import { startServer } from "../../lab/server/start-server.ts";
import type { RunningServer, ServerOptions } from "../../lab/server/start-server.ts";

const ECHO_PROGRAM = fileURLToPath(new URL("echo-kernel.mjs", import.meta.url));

/** Token of every server in tests. */
export const TOKEN = "a-token-for-tests";

/** An answer as it came over the wire. */
export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What a raw request is made of; the token is sent unless `headers` are given. */
export interface RawRequest {
  headers?: http.OutgoingHttpHeaders;
  body?: unknown;
}

/** A server on folders that vanish with it. */
export interface TestServer extends RunningServer {
  /** The folder that is served, with links resolved. */
  root: string;
  /** Where settings and trust lie. */
  state: string;
  /** Lines that the server logged. */
  logged: string[];
  /** Sends one request as it is written: nothing is normalised. */
  send(method: string, path: string, request?: RawRequest): Promise<RawAnswer>;
  /** The JSON body of an answer that must have the status 200 or 201. */
  json<Body = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Body>;
  /** Closes the server and removes its folders. */
  stop(): Promise<void>;
}

/** The kernelspec of the kernel for tests. */
export function echoSpec(...flags: string[]): KernelSpec {
  return {
    argv: [process.execPath, ECHO_PROGRAM, "{connection_file}", ...flags],
    display_name: "Echo",
    language: "echo",
    interrupt_mode: "message",
    env: {},
    metadata: {},
  };
}

/** Starts a server on fresh folders, with the kernel `echo` as its default. */
export async function startTestServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "gradlab-server-")));
  const root = options.root ?? (await mkdtemp(join(folder, "root-")));
  const state = join(folder, "state");
  const logged: string[] = [];
  const server = await startServer({
    root,
    token: TOKEN,
    stateFolder: state,
    kernelSpecs: { echo: echoSpec() },
    defaultKernel: "echo",
    log: (line) => logged.push(line),
    ...options,
  });
  const send: TestServer["send"] = (method, path, request = {}) =>
    sendRaw(server.port, method, path, request);
  return {
    ...server,
    root,
    state,
    logged,
    send,
    async json<Body>(method: string, path: string, body?: unknown) {
      const answer = await send(method, path, { body });
      if (answer.status > 201) throw new TypeError(`${method} ${path}: ${answer.body}`);
      return JSON.parse(answer.body) as Body;
    },
    async stop() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Logs a browser in: its cookies, and the value that its page repeats in `X-XSRFToken`. */
export async function logIn(server: TestServer): Promise<{ cookie: string; xsrf: string }> {
  const first = await server.send("GET", `/lab?token=${TOKEN}`, { headers: {} });
  const [line = ""] = first.headers["set-cookie"] ?? [];
  const [auth = ""] = line.split(";");
  const page = await server.send("GET", "/lab", { headers: { cookie: auth } });
  const xsrf = /_xsrf=(\w+)/.exec(page.headers["set-cookie"]?.[0] ?? "")?.[1] ?? "";
  return { cookie: `${auth}; _xsrf=${xsrf}`, xsrf };
}

function sendRaw(
  port: number,
  method: string,
  path: string,
  request: RawRequest,
): Promise<RawAnswer> {
  const { body } = request;
  const headers = request.headers ?? { authorization: `token ${TOKEN}` };
  return new Promise((resolve, reject) => {
    const outgoing = http.request(
      { host: "127.0.0.1", port, method, path, headers, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    outgoing.on("error", reject);
    if (body === undefined) outgoing.end();
    else
      outgoing.end(typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  });
}
