// `gradlab kernel start` with the arguments of a kernelspec: what it says when it cannot start.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gradlab-start-"));
afterAll(() => rmSync(folder, { recursive: true }));

function start(file: string, environment: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [MAIN, "kernel", "start", "-f", file], {
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
}

test("a connection file that is not there is named, with exit code 3", () => {
  const { status, stderr } = start(join(folder, "missing.json"));
  expect(status).toBe(3);
  expect(stderr).toMatch(/^gradlab: the connection file must be readable, but .*missing\.json/);
});

test("a damaged connection file is wrong use, with exit code 2", () => {
  const file = join(folder, "damaged.json");
  writeFileSync(file, "{");
  const { status, stderr } = start(file);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^gradlab: .*connection file/);
});

test("a memory limit that is no number is refused before anything starts", () => {
  const { status, stderr } = start(join(folder, "any.json"), { GRADLAB_MEMORY: "much" });
  expect(status).toBe(2);
  expect(stderr).toContain('got "much". For 8 GiB use 8192.');
});
