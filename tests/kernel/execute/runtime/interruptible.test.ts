// Code of the user may be ended in the middle; packages only if they say so, and the kernel's own code never.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { isInterruptible } from "../../../../kernel/execute/runtime/interruptible.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlab-interruptible-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** URL of a script of a package that says `jupyter` in its package.json. */
function packageScript(name: string, jupyter: unknown): string {
  const path = join(folder, "node_modules", name);
  mkdirSync(join(path, "dist"), { recursive: true });
  writeFileSync(join(path, "package.json"), JSON.stringify({ name, jupyter }));
  return pathToFileURL(join(path, "dist", "main.js")).href;
}

const RUNTIME = new URL("../../../../kernel/execute/runtime/main.ts", import.meta.url).href;
const STACK_FRAMES = new URL("../../../../kernel/compile/stack-frames.ts", import.meta.url).href;

describe("what may be ended", () => {
  test.each([
    ["a cell", ["cell-1.ts"], true],
    ["a cell inside Node's code", ["cell-1.ts", "node:internal/timers"], true],
    ["code made by eval", [""], true],
    ["the console called by a cell", [RUNTIME, "node:internal/console", "cell-1.ts"], true],
    ["the kernel alone", [RUNTIME, "node:internal/per_context/messageport"], false],
    ["the kernel where V8 has it describe an error", [RUNTIME, STACK_FRAMES], false],
    ["an error that a cell describes", [RUNTIME, STACK_FRAMES, "cell-1.ts"], true],
    ["Node alone", ["node:internal/timers"], false],
    [
      "Node that loads a module for a cell",
      ["node:perf_hooks", "node:internal/bootstrap/realm", "cell-1.ts"],
      false,
    ],
    ["nothing", [], false],
    ["a package", [packageScript("plain", undefined), "cell-1.ts"], false],
    ["a package with a scope", [packageScript("@scope/plain", undefined)], false],
    ["a package that allows it", [packageScript("willing", { interruptible: true })], true],
    ["a package without package.json", ["file:///x/node_modules/none/main.js"], false],
  ])("%s: %j", (_what, urls, expected) => {
    expect(isInterruptible(urls)).toBe(expected);
  });
});
