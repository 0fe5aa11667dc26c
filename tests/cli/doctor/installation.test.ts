// The doctor on Node, on packages that do not load, and on the lab's page.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkNode, checkPackages, checkPage } from "../../../cli/doctor/installation.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlab-doctor-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a Node below 20.19 is missing, with the fix", () => {
  for (const version of ["18.20.8", "20.18.9"]) {
    expect(checkNode(version)).toMatchObject({
      state: "missing",
      fix: expect.stringMatching(/^install Node 24/),
    });
  }
  expect(checkNode("20.19.0").state).toBe("ok");
  expect(checkNode("24.1.0").detail).toBe("Node 24.1.0");
});

test("every package that gradlab depends on loads here", async () => {
  expect(await checkPackages()).toEqual([
    { name: "packages", state: "ok", detail: expect.stringMatching(/^all \d+ load$/), fix: "" },
  ]);
});

test("a package that does not load is named, with the fix", async () => {
  expect(await checkPackages(["ws", "no-such-package"])).toEqual([
    {
      name: "no-such-package",
      state: "missing",
      detail: expect.stringContaining("no-such-package"),
      fix: expect.stringContaining("npm ci"),
    },
  ]);
});

test("the page is built, can be built, or is missing", () => {
  expect(checkPage(folder)).toMatchObject({
    state: "missing",
    fix: expect.stringContaining("install gradlab again"),
  });
  mkdirSync(join(folder, "lab/ui/page"), { recursive: true });
  writeFileSync(join(folder, "lab/ui/page/start.ts"), "");
  expect(checkPage(folder)).toMatchObject({
    state: "ok",
    detail: expect.stringContaining("not built yet"),
  });
  mkdirSync(join(folder, "dist/lab/page"), { recursive: true });
  writeFileSync(join(folder, "dist/lab/page/page.json"), '{"version": "4.6.4"}');
  expect(checkPage(folder)).toMatchObject({ state: "ok", detail: "JupyterLab 4.6.4, built" });
});
