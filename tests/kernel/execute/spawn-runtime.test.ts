// A runtime process that cannot start, or has ended before anybody listened, is still reported as ended.
import { once } from "node:events";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import type { ProcessEnd } from "../../../kernel/execute/crash-report.ts";
import { RuntimeProcess } from "../../../kernel/execute/runtime-process.ts";
import { spawnRuntime } from "../../../kernel/execute/spawn-runtime.ts";

type Child = ReturnType<typeof spawnRuntime>;

function endOf(child: Child): Promise<ProcessEnd> {
  return new Promise((onExit) => {
    void new RuntimeProcess(child, {
      onMessage: () => undefined,
      onRawText: () => undefined,
      onExit,
    });
  });
}

test("in a folder that does not exist", async () => {
  const child = spawnRuntime({ folder: "/no/such/folder", moduleFolders: [] });
  expect(child.pid).toBeUndefined();
  await new Promise((resolve) => setImmediate(resolve));
  expect((await endOf(child)).signal).toBeNull();
});

test("killed before the kernel was ready for it", async () => {
  const child = spawnRuntime({ folder: tmpdir(), moduleFolders: [] });
  child.kill("SIGKILL");
  await once(child, "exit");
  expect((await endOf(child)).signal).toBe("SIGKILL");
});
