// Kernels as JupyterLab's own client sees them: start, run, ask, stop, restart, die, come back.
// Covers: lab/server/kernels/*.ts, lab/server/sessions/*.ts, lab/server/websocket/kernel-channels.ts
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  LabClient,
  firstText,
  kernelOf,
  runCell,
  untilStatus,
} from "../../../support/lab-client.ts";
import { openChannels } from "../../../support/lab-channels.ts";
import { echoSpec, startTestServer, TOKEN } from "../../../support/lab-server.ts";
import type { TestServer } from "../../../support/lab-server.ts";
import { isAlive, untilGone } from "../../../support/processes.ts";

let server: TestServer;
let client: LabClient;

beforeAll(async () => {
  process.env["GRADLAB_TOKEN"] = TOKEN;
  process.env["COPY_OF_TOKEN"] = TOKEN;
  server = await startTestServer({
    kernelSpecs: {
      echo: echoSpec(),
      signal: { ...echoSpec(), interrupt_mode: "signal" },
      broken: echoSpec("--fail-always"),
      missing: { ...echoSpec(), argv: ["/no/such/program"] },
    },
    kernelEnv: { COURSE: "part 1" },
  });
  client = new LabClient(server);
});

afterAll(async () => {
  delete process.env["GRADLAB_TOKEN"];
  delete process.env["COPY_OF_TOKEN"];
  client.dispose();
  await server.stop();
});

describe("kernelspecs", () => {
  test("list our own kernel, those handed in, and name the default", async () => {
    await client.specs.ready;
    const specs = client.specs.specs;
    expect(specs?.default).toBe("echo");
    expect(specs?.kernelspecs["gradlab"]).toMatchObject({
      display_name: "TypeScript (gradlab)",
      language: "typescript",
      argv: expect.arrayContaining(["kernel", "start", "-f", "{connection_file}"]),
      resources: { "logo-svg": "/kernelspecs/gradlab/logo-svg.svg" },
    });
    const logo = await server.send("GET", "/kernelspecs/gradlab/logo-svg.svg");
    expect(logo).toMatchObject({ status: 200, headers: { "content-type": "image/svg+xml" } });
    const one = await server.json("GET", "/api/kernelspecs/echo");
    expect(one).toMatchObject({ name: "echo", spec: { display_name: "Echo" }, resources: {} });
  });
});

describe("a kernel", () => {
  test("runs cells and streams their output", async () => {
    const session = await client.open("run.ipynb");
    const outcome = await runCell(kernelOf(session), "echo hello");
    expect(outcome).toMatchObject({ status: "ok", text: "hello" });
    await session.shutdown();
  });

  test("delivers five megabytes of output whole", async () => {
    const session = await client.open("big.ipynb");
    const { text } = await runCell(kernelOf(session), "big 5000000");
    expect(text.length).toBe(5_000_000);
    await session.shutdown();
  });

  test("asks its own client for input and gets the answer", async () => {
    const session = await client.open("input.ipynb");
    expect(await runCell(kernelOf(session), "input", "Ada")).toMatchObject({ text: "Ada" });
    await session.shutdown();
  });

  test("sends the buffers of a comm back unchanged", async () => {
    const session = await client.open("comm.ipynb");
    const comm = kernelOf(session).createComm("test");
    const bytes = new Uint8Array([0, 1, 2, 253, 254, 255]);
    const answer = new Promise<ArrayBuffer | ArrayBufferView | undefined>((resolve) => {
      comm.onMsg = (message) => resolve(message.buffers?.[0]);
    });
    comm.open({ n: 1 }, {}, [bytes]);
    const view = (await answer) as DataView;
    expect([...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)]).toEqual([...bytes]);
    await session.shutdown();
  });

  test.each(["echo", "signal"])(
    "that is interrupted (%s) ends its cell and lives on",
    async (name) => {
      const session = await client.open(`${name}.ipynb`, name);
      const kernel = kernelOf(session);
      const hasBegun = firstText(kernel);
      const cell = runCell(kernel, "loop");
      await hasBegun;
      await kernel.interrupt();
      expect((await cell).status).toBe("error");
      expect(await runCell(kernel, "echo still")).toMatchObject({ text: "still" });
      await session.shutdown();
    },
  );

  test("runs in the folder of its notebook, and in the root when there is none", async () => {
    await mkdir(join(server.root, "part-1"));
    const inner = await client.open("part-1/a.ipynb");
    expect((await runCell(kernelOf(inner), "folder")).text).toBe(join(server.root, "part-1"));
    const outer = await client.open("../../outside/a.ipynb");
    expect((await runCell(kernelOf(outer), "folder")).text).toBe(server.root);
    await inner.shutdown();
    await outer.shutdown();
  });

  test("does not see the server's token, but what it was given", async () => {
    const session = await client.open("environment.ipynb");
    const { text } = await runCell(kernelOf(session), "environment");
    expect(text).not.toContain(TOKEN);
    expect(JSON.parse(text)).toMatchObject({
      COURSE: "part 1",
      JPY_PARENT_PID: String(process.pid),
      JPY_SESSION_NAME: "environment.ipynb",
    });
    await session.shutdown();
  });

  test("has a connection file that only its owner can read, and takes it away at the end", async () => {
    const { id } = await server.json<{ id: string }>("POST", "/api/kernels", { name: "echo" });
    const folders = readdirSync(tmpdir()).filter((name) => name.startsWith("gradlab-kernels-"));
    const path = folders
      .map((name) => join(tmpdir(), name, `kernel-${id}.json`))
      .find((file) => existsSync(file));
    expect(statSync(path ?? "").mode & 0o777).toBe(0o600);
    expect(statSync(join(path ?? "", "..")).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(path ?? "", "utf8"))).toMatchObject({ ip: "127.0.0.1" });
    await server.send("DELETE", `/api/kernels/${id}`);
    expect(existsSync(path ?? "")).toBe(false);
  });
});

describe("a restart", () => {
  test("gives the same kernel id a new process and is not reported as a crash", async () => {
    const session = await client.open("restart.ipynb");
    const kernel = kernelOf(session);
    const before = await runCell(kernel, "pid");
    const seen: string[] = [];
    kernel.statusChanged.connect((_sender, status) => void seen.push(status));
    const { id } = kernel;
    await kernel.restart();
    await kernel.info;
    const after = await runCell(kernel, "pid");
    expect(after.text).not.toBe(before.text);
    expect(kernel.id).toBe(id);
    expect(seen).not.toContain("autorestarting");
    expect(isAlive(Number(before.text))).toBe(false);
    await session.shutdown();
  });
});

describe("a kernel that is killed", () => {
  test("is started again, its client is told, and nothing it started is left", async () => {
    const session = await client.open("killed.ipynb");
    const kernel = kernelOf(session);
    const child = Number((await runCell(kernel, "child")).text);
    const pid = Number((await runCell(kernel, "pid")).text);
    const wasTold = untilStatus(kernel, "autorestarting");
    process.kill(pid, "SIGKILL");
    await wasTold;
    await kernel.info;
    expect(await runCell(kernel, "echo again")).toMatchObject({ text: "again" });
    await expect(untilGone(child)).resolves.toBeUndefined();
    await session.shutdown();
  });

  test("six times within half a minute stays dead, and says so to all", async () => {
    const session = await client.open("dying.ipynb");
    const kernel = kernelOf(session);
    for (let death = 1; death <= 6; death++) {
      const isOver = untilStatus(kernel, death <= 5 ? "autorestarting" : "dead");
      kernel.requestExecute({ code: "die" }).done.catch(() => undefined);
      await isOver;
      if (death <= 5) await kernel.info;
    }
    const [model] = await server.json<{ execution_state: string; reason: string }[]>(
      "GET",
      "/api/kernels",
    );
    expect(model).toMatchObject({
      execution_state: "dead",
      reason: expect.stringMatching(/SIGKILL/),
    });
    expect((await server.send("GET", "/api/status")).status).toBe(200);
    await server.send("DELETE", `/api/kernels/${kernel.id}`);
    expect(await server.json<unknown[]>("GET", "/api/sessions")).toEqual([]);
  });
});

describe("a kernel that cannot start", () => {
  test("because its program is missing answers with the fix", async () => {
    const answer = await server.send("POST", "/api/kernels", { body: { name: "missing" } });
    expect(answer.status).toBe(500);
    expect(answer.body).toMatch(/\/no\/such\/program.*Install it/);
  });

  test("because its name is unknown answers with the names there are", async () => {
    const answer = await server.send("POST", "/api/kernels", { body: { name: "nobody" } });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatch(/Choose one of: .*echo.*gradlab/);
  });

  test("because its process ends at once is dead after three attempts, with its last words", async () => {
    const { id } = await server.json<{ id: string }>("POST", "/api/kernels", { name: "broken" });
    const socket = await openChannels(server, id);
    await socket.untilStatus("dead");
    const [model] = await server.json<{ reason: string }[]>("GET", "/api/kernels");
    expect(model?.reason).toMatch(/exit code 1: the address is already in use/);
    await server.send("DELETE", `/api/kernels/${id}`);
  });

  test("because its ports were taken is started on others", async () => {
    const folder = await mkdtemp(join(tmpdir(), "gradlab-ports-"));
    const lucky = await startTestServer({
      kernelSpecs: { echo: echoSpec("--fail-once", join(folder, "tried")) },
    });
    const other = new LabClient(lucky);
    const session = await other.open("second.ipynb");
    expect(await runCell(kernelOf(session), "echo up")).toMatchObject({ text: "up" });
    other.dispose();
    await lucky.stop();
    await rm(folder, { recursive: true });
  });
});

describe("a client that connects again", () => {
  test("gets the rest of the output and the reply of the cell that runs", async () => {
    const session = await client.open("away.ipynb");
    const kernel = kernelOf(session);
    const go = join(server.root, "go");
    const cell = runCell(kernel, `when ${go} the rest`);
    await untilStatus(kernel, "busy");
    await kernel.reconnect();
    writeFileSync(go, "");
    expect(await cell).toMatchObject({ status: "ok", text: "the rest" });
    await session.shutdown();
  });
});

describe("closing the server", () => {
  test("ends its kernels, even one that does not listen, and leaves no folder", async () => {
    const other = await startTestServer();
    const guest = new LabClient(other);
    const session = await guest.open("closing.ipynb");
    const pid = Number((await runCell(kernelOf(session), "pid")).text);
    const child = Number((await runCell(kernelOf(session), "child")).text);
    await runCell(kernelOf(session), "deaf");
    guest.dispose();
    await other.stop();
    expect(isAlive(pid)).toBe(false);
    await expect(untilGone(child)).resolves.toBeUndefined();
  });
});
