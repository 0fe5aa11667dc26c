// `gradlab course` as a process, with the chapters of this installation.
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "gradlab-"));
const program = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const original = fileURLToPath(
  new URL("../../../notebooks/part-1/p1-01-single-layer.ipynb", import.meta.url),
);
const gradlab = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [program, "course", ...args], { cwd: folder, encoding: "utf8" });
const chapter = join(folder, "course/part-1/p1-01-single-layer.ipynb");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("new makes the folder, restore brings a chapter back, and both speak JSON", () => {
  expect(gradlab("new")).toMatchObject({ status: 0, stdout: expect.stringContaining("copied") });
  expect(readFileSync(chapter, "utf8")).toBe(readFileSync(original, "utf8"));
  writeFileSync(chapter, "mine");
  const again = gradlab("new", "--json");
  expect(JSON.parse(again.stdout)).toMatchObject({
    copied: [],
    kept: ["part-1/p1-01-single-layer.ipynb"],
  });
  const restored = gradlab("restore", "p1-01", "--json");
  const { kept } = JSON.parse(restored.stdout) as { kept: string };
  expect(readFileSync(kept, "utf8")).toBe("mine");
  expect(readFileSync(chapter, "utf8")).toBe(readFileSync(original, "utf8"));
});

test("an unknown chapter and a foreign folder are wrong use", () => {
  gradlab("new");
  expect(gradlab("restore", "p9-99")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("there is no such chapter"),
  });
  expect(gradlab("new", ".")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("holds other files"),
  });
});
