// The history of a real kernel: what a client is told, other kernels at the same time, and a kernel that is killed.
// Covers: kernel/handlers/history.ts, kernel/launcher/serve.ts
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../kernel/protocol/message.ts";
import { TestKernel } from "../support/test-kernel.ts";

let data: string;
const kernels: TestKernel[] = [];
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "gradlab-data-"));
});
afterEach(async () => {
  await Promise.all(kernels.splice(0).map((kernel) => kernel.stop()));
  rmSync(data, { recursive: true, force: true });
});

async function start(environment: Record<string, string> = {}): Promise<TestKernel> {
  const kernel = await TestKernel.start({
    environment: {
      JUPYTER_DATA_DIR: data,
      GRADLAB_HISTORY: "",
      GRADLAB_TYPES: "off",
      ...environment,
    },
  });
  kernels.push(kernel);
  return kernel;
}

async function ask(kernel: TestKernel, content: JsonObject): Promise<unknown> {
  const full = { output: false, raw: true, ...content };
  const reply = await kernel.request("shell", "history_request", full);
  expect(reply.content["status"]).toBe("ok");
  return reply.content["history"];
}

test("tail, range and search give the tuples that clients of ipykernel know", async () => {
  const kernel = await start();
  for (const code of ["11 + 1", "let quiet = 2", "22 + 2"]) await kernel.execute(code);
  await kernel.execute("never", { silent: true });
  await kernel.execute("'unstored'", { store_history: false });
  await kernel.execute("  \n");
  expect(await ask(kernel, { hist_access_type: "tail", n: 2 })).toEqual([
    [1, 2, "let quiet = 2"],
    [1, 3, "22 + 2"],
  ]);
  const range = { hist_access_type: "range", session: 0, start: 1, stop: 3, output: true };
  expect(await ask(kernel, range)).toEqual([
    [0, 1, ["11 + 1", "12"]],
    [0, 2, ["let quiet = 2", null]],
  ]);
  expect(await ask(kernel, { hist_access_type: "search", pattern: "22*", n: 5 })).toEqual([
    [1, 3, "22 + 2"],
  ]);
  expect(await ask(kernel, { hist_access_type: "tail", n: 0 })).toEqual([]);
});

test("a kernel sees the cells of one that runs beside it, and of one that was killed", async () => {
  const [first, second] = [await start(), await start()];
  await first.execute("'beside'");
  await second.execute("'mine'");
  first.process.kill("SIGKILL");
  await first.exited;
  const search = { hist_access_type: "search", pattern: "'*'", unique: true };
  await expect
    .poll(async () => (await ask(second, search)) as unknown[][])
    .toEqual([
      [expect.any(Number), 1, "'beside'"],
      [expect.any(Number), 1, "'mine'"],
    ]);
  const third = await start();
  expect(await ask(third, { hist_access_type: "tail", n: 9 })).toHaveLength(2);
});

test("a folder that cannot be written is said on the log, and cells run", async () => {
  const file = join(data, "gradlab");
  writeFileSync(file, "not a folder");
  chmodSync(file, 0o400);
  const kernel = await start();
  expect((await kernel.execute("6 * 7")).result).toEqual({ "text/plain": "42" });
  expect(await ask(kernel, { hist_access_type: "tail", n: 1 })).toEqual([[0, 1, "6 * 7"]]);
  expect(kernel.log).toMatch(/the history of cells is no longer kept on disk/);
});

test("with GRADLAB_HISTORY=off nothing is written", async () => {
  const kernel = await start({ GRADLAB_HISTORY: "off" });
  await kernel.execute("1");
  expect(await ask(kernel, { hist_access_type: "tail", n: 1 })).toEqual([[0, 1, "1"]]);
  expect(existsSync(join(data, "gradlab"))).toBe(false);
});
