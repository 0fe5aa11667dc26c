// Starting and stopping: what cannot work is said at once, with the fix; what was started leaves nothing.
// Covers: lab/server/*.ts, lab/server/http/listen.ts
import { once } from "node:events";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startServer } from "../../../lab/server/start-server.ts";
import type { RunningServer } from "../../../lab/server/start-server.ts";

let folder: string;
const running: RunningServer[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gradlab-start-"));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
  await chmod(folder, 0o755);
  await rm(folder, { recursive: true });
});

async function start(
  options: Partial<Parameters<typeof startServer>[0]> = {},
): Promise<RunningServer> {
  const server = await startServer({
    root: folder,
    stateFolder: join(folder, "state"),
    ...options,
  });
  running.push(server);
  return server;
}

describe("a server", () => {
  test("takes a free port and a random token when none are given", async () => {
    const [first, second] = await Promise.all([start(), start()]);
    expect(first.url).toBe(`http://127.0.0.1:${first.port}/`);
    expect(first.labUrl).toBe(`${first.url}lab?token=${first.token}`);
    expect(first.token).toMatch(/^[0-9a-f]{48}$/);
    expect(second.token).not.toBe(first.token);
    expect(second.port).not.toBe(first.port);
  });

  test("keeps connections open longer than clients keep them for the next request", async () => {
    const { headers } = await fetch(`${(await start()).url}api`);
    expect(headers.get("keep-alive")).toBe("timeout=30");
  });

  test("is reached on the loopback interface only", async () => {
    const server = await start();
    await expect(fetch(`http://127.0.0.2:${server.port}/api`)).rejects.toThrow(/fetch failed/);
    expect((await fetch(`${server.url}api`)).status).toBe(200);
  });

  test("says who uses it, and what it does", async () => {
    const server = await start();
    const headers = { authorization: `token ${server.token}` };
    const ask = async (path: string): Promise<unknown> =>
      (await fetch(server.url + path, { headers })).json();
    expect(await ask("api")).toEqual({ version: expect.stringMatching(/^2\./) });
    expect(await ask("api/status")).toMatchObject({ kernels: 0, connections: 0 });
    const permissions = encodeURIComponent('{"contents":["read"]}');
    expect(await ask(`api/me?permissions=${permissions}`)).toMatchObject({
      identity: { username: "learner", initials: "L" },
      permissions: { contents: ["read"] },
    });
    expect(await ask("api/terminals")).toEqual([]);
    expect(await ask("api/nbconvert")).toEqual({});
  });

  test("that is closed answers no more, and may be closed again", async () => {
    const server = await start();
    await server.close();
    await server.close();
    await expect(fetch(`${server.url}api`)).rejects.toThrow(/fetch failed/);
  });

  test("shuts down when a client asks for it", async () => {
    const asked = new Promise<void>((resolve) => {
      void start({ onShutdown: resolve }).then((server) =>
        fetch(`${server.url}api/shutdown?token=${server.token}`, { method: "POST" }),
      );
    });
    await expect(asked).resolves.toBeUndefined();
  });
});

describe("a server cannot start", () => {
  test("on a port that is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await expect(start({ port })).rejects.toMatchObject({
      code: "LAB_PORT_TAKEN",
      message: expect.stringMatching(new RegExp(`Port ${port} .*--port`)),
    });
    other.close();
  });

  test.each([70_000, -1, 1.5])("on port %d", async (port) => {
    await expect(start({ port })).rejects.toMatchObject({ code: "LAB_BAD_OPTION" });
  });

  test.each(["", "short", "with space in it"])("with the token %j", async (token) => {
    await expect(start({ token })).rejects.toMatchObject({ code: "LAB_BAD_OPTION" });
  });

  test("on a folder that is missing", async () => {
    await expect(start({ root: join(folder, "none") })).rejects.toMatchObject({
      code: "LAB_ROOT_MISSING",
      message: expect.stringMatching(/Make it with: mkdir/),
    });
  });

  test("on a file", async () => {
    await writeFile(join(folder, "a.ipynb"), "");
    await expect(start({ root: join(folder, "a.ipynb") })).rejects.toMatchObject({
      code: "LAB_ROOT_NOT_A_FOLDER",
    });
  });

  test("on a folder that is read-only, unless that is wanted", async () => {
    await chmod(folder, 0o555);
    await asPlainUser(async () => {
      await expect(start()).rejects.toMatchObject({
        code: "LAB_ROOT_READ_ONLY",
        message: expect.stringMatching(/chmod u\+rwx/),
      });
      expect((await start({ allowReadOnlyRoot: true })).port).toBeGreaterThan(0);
    });
  });
});

describe("a second server on the same folder", () => {
  test("is refused with the address of the first, if both want the folder for themselves", async () => {
    const first = await start({ isExclusive: true });
    await expect(start({ isExclusive: true })).rejects.toMatchObject({
      code: "LAB_ROOT_IN_USE",
      otherUrl: first.labUrl,
      message: expect.stringMatching(/Ctrl-C/),
    });
    expect((await start()).port).toBeGreaterThan(0);
    await first.close();
    expect((await start({ isExclusive: true })).port).toBeGreaterThan(0);
  });

  test("starts when the first has crashed and left its record", async () => {
    const first = await start({ isExclusive: true });
    const [name = ""] = await readdir(join(folder, "state", "servers"));
    await first.close();
    const gone = { root: folder, pid: 1, port: first.port, instance: "x", url: first.labUrl };
    await writeFile(join(folder, "state", "servers", name), JSON.stringify(gone));
    expect((await start({ isExclusive: true })).port).toBeGreaterThan(0);
  });
});

/** Root may read and write everywhere: gives that up for a while. */
async function asPlainUser(action: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await action();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
