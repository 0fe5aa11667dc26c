// The doctor on the folder it is started in, and on programs that are optional.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { checkBrowser, checkFolder, checkPython } from "../../../cli/doctor/machine.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlab-doctor-"));
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true }));

test("a folder that can be written is left as it was", async () => {
  mkdirSync(join(folder, "work"));
  expect((await checkFolder(join(folder, "work"))).state).toBe("ok");
  expect(readdirSync(join(folder, "work"))).toEqual([]);
});

test("the course below the folder counts when it is there", async () => {
  mkdirSync(join(folder, "at-home", "course"), { recursive: true });
  expect((await checkFolder(join(folder, "at-home"))).detail).toContain(join("at-home", "course"));
});

test("what cannot be written is missing, with the fix", async () => {
  writeFileSync(join(folder, "course"), "a file");
  expect(await checkFolder(folder)).toMatchObject({
    state: "missing",
    detail: expect.stringContaining("a file stands in the way"),
    fix: expect.stringContaining("another folder"),
  });
});

test("Chromium is optional", () => {
  vi.stubEnv("CHROMIUM_PATH", "");
  expect(checkBrowser(folder)).toMatchObject({
    state: "warning",
    fix: expect.stringContaining("CHROMIUM_PATH"),
  });
  writeFileSync(join(folder, "chromium"), "");
  expect(checkBrowser(`/nowhere:${folder}`).state).toBe("ok");
});

test("Python is optional", async () => {
  expect(await checkPython(join(folder, "no-python"))).toMatchObject({
    state: "warning",
    fix: expect.stringContaining("python3-jupyter-client"),
  });
});
