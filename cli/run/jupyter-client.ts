// A Jupyter server as the runner needs it: which kernels it offers, and one kernel per notebook.
import { randomUUID } from "node:crypto";
import { setTimeout as setTimeoutPromise } from "node:timers/promises";
import type * as services from "@jupyterlab/services";
import type { Kernel, KernelMessage, ServerConnection } from "@jupyterlab/services";
import { CommandError, EXIT } from "../exit-codes.ts";
import type { OfferedKernels } from "./choose-kernel.ts";

/** Where a server listens. */
export interface ServerAddress {
  readonly url: string;
  readonly token: string;
}

/** A kernel that was started for one notebook. */
export interface StartedKernel {
  readonly connection: Kernel.IKernelConnection;
  readonly info: KernelMessage.IInfoReply;
  /** Ends the kernel and its session; never throws. */
  stop(): Promise<void>;
}

/** A connected server. */
export interface JupyterClient {
  readonly offered: OfferedKernels;
  /** @param signal - gives the start up when it is aborted */
  start(path: string, kernelName: string, signal: AbortSignal): Promise<StartedKernel>;
}

type Services = Pick<
  typeof services,
  "KernelConnection" | "KernelSpecAPI" | "ServerConnection" | "SessionAPI"
>;

/** How long a kernel may take until it answers for the first time, in milliseconds. */
const START_MS = 60_000;

/**
 * Connects to a Jupyter server: ours, jupyter-server, JupyterHub or an Enterprise Gateway.
 *
 * @throws {CommandError} when the server cannot be reached or refuses the token
 */
export async function connectClient(address: ServerAddress): Promise<JupyterClient> {
  const services = await import("@jupyterlab/services");
  const baseUrl = address.url.endsWith("/") ? address.url : `${address.url}/`;
  const settings = services.ServerConnection.makeSettings({
    baseUrl,
    wsUrl: baseUrl.replace(/^http/, "ws"),
    token: address.token,
    appendToken: true,
  });
  const offered = await offeredKernels(services, settings);
  return {
    offered,
    start: (path, name, signal) => startKernel(services, settings, { path, name, signal }),
  };
}

/**
 * The address in a URL as Jupyter prints it: a token in the query is taken out, and so is the page (`/lab`, `/tree`).
 *
 * @throws {CommandError} when the text is no http(s) URL
 */
export function parseAddress(text: string, token: string | undefined): ServerAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new CommandError(
      `--server: expected an address such as http://127.0.0.1:8888, got "${text}". Copy the one that the server prints.`,
      EXIT.wrongUse,
    );
  }
  const path = url.pathname.replace(/\/(lab|tree)(\/.*)?$/, "/");
  return { url: `${url.origin}${path}`, token: token ?? url.searchParams.get("token") ?? "" };
}

async function offeredKernels(
  services: Services,
  settings: ServerConnection.ISettings,
): Promise<OfferedKernels> {
  try {
    const specs = await services.KernelSpecAPI.getSpecs(settings);
    const names = Object.entries(specs.kernelspecs).map(
      ([name, spec]) => [name, spec?.display_name ?? name] as const,
    );
    return { defaultName: specs.default, names: new Map(names) };
  } catch (error) {
    throw explainRefusal(error, settings.baseUrl);
  }
}

function explainRefusal(error: unknown, url: string): CommandError {
  const status = (error as { response?: { status?: number } }).response?.status;
  if (status === 401 || status === 403) {
    return new CommandError(
      `${url}: the Jupyter server refused the token. Give the right one with --token.`,
      EXIT.wrongUse,
      { cause: error },
    );
  }
  const detail = status === undefined ? reasonOf(error) : `it answered with status ${status}`;
  return new CommandError(
    `${url}: expected a Jupyter server there, but ${detail}. Check that it runs and that the address is right.`,
    EXIT.machineLacks,
    { cause: error },
  );
}

async function startKernel(
  services: Services,
  settings: ServerConnection.ISettings,
  { path, name, signal }: { path: string; name: string; signal: AbortSignal },
): Promise<StartedKernel> {
  const request = {
    path,
    name: path.split("/").at(-1) ?? path,
    type: "notebook",
    kernel: { name },
  };
  const session = await services.SessionAPI.startSession(request, settings);
  const model = session.kernel ?? { id: "", name };
  const connection = new services.KernelConnection({
    model,
    serverSettings: settings,
    clientId: randomUUID(),
    username: "gradlab",
    handleComms: false,
  });
  const stop = async (): Promise<void> => {
    connection.dispose();
    await shutDown(services, settings, session.id);
  };
  try {
    return { connection, info: await firstAnswer(connection, name, signal), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A server that is just restarting a dead kernel may refuse to end it: the second try, a moment later, is heard. */
async function shutDown(
  services: Services,
  settings: ServerConnection.ISettings,
  id: string,
): Promise<void> {
  for (const waitMs of [1000, 2000, 0]) {
    try {
      return await services.SessionAPI.shutdownSession(id, settings);
    } catch {
      await setTimeoutPromise(waitMs);
    }
  }
}

async function firstAnswer(
  connection: Kernel.IKernelConnection,
  name: string,
  signal: AbortSignal,
): Promise<KernelMessage.IInfoReply> {
  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_, reject) => {
    const fail = (what: string): void => {
      const message = `kernel "${name}": expected it to start, but ${what}. Run "gradlab doctor", then try again.`;
      reject(new CommandError(message, EXIT.machineLacks));
    };
    const giveUp = (): void =>
      reject(
        new CommandError(`kernel "${name}": the start was stopped by the user.`, EXIT.interrupted),
      );
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    timer = setTimeout(() => fail(`it did not answer within ${START_MS / 1000} s`), START_MS);
    connection.statusChanged.connect((_, status) => {
      if (status === "dead") fail("it ended before it answered");
    });
  });
  try {
    return await Promise.race([connection.info, failed]);
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code;
  if (code !== undefined) return `connecting failed (${code})`;
  const message = cause instanceof Error ? cause.message : String(cause);
  return message === "fetch failed" ? "nothing answers there" : message;
}

/** Rejections that the client library leaves unhandled when a connection is given up on purpose. */
const GIVEN_UP = /^(Kernel connection disconnected|Canceled future|Kernel connection is disposed)/;

/**
 * Keeps the client library's own remarks (a line per websocket on stdout, the server's tracebacks) off the terminal, and lets a kernel
 * that died be left without ending the program.
 *
 * @returns the undo
 */
export function quietClient(): () => void {
  const { debug, warn, error } = console;
  const onRejection = (reason: unknown): void => {
    if (!(reason instanceof Error && GIVEN_UP.test(reason.message))) throw reason;
  };
  console.debug = () => {};
  console.warn = () => {};
  console.error = () => {};
  process.on("unhandledRejection", onRejection);
  return () => {
    Object.assign(console, { debug, warn, error });
    process.off("unhandledRejection", onRejection);
  };
}
