// The programs of docs/library.md run, and print what the page says.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "oxc-transform";
import { expect, onTestFinished, test } from "vitest";

const RESULTS = fileURLToPath(new URL("../../results", import.meta.url));
const page = readFileSync(new URL("../../docs/library.md", import.meta.url), "utf8");
const programs = [...page.matchAll(/^```ts\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```/gm)].map(
  ([, program = "", output = ""]) => ({ program, output }),
);

test("the page has six programs, each with its output", () => {
  expect(programs).toHaveLength(6);
  expect(page.match(/^```ts/gm)).toHaveLength(programs.length);
});

test.each(programs)("a program of the page prints $output", ({ program, output }) => {
  const { code } = transformSync("program.ts", program);
  // In a folder for what the program writes, and inside the project, so that it finds the package.
  mkdirSync(RESULTS, { recursive: true });
  const folder = mkdtempSync(join(RESULTS, "page-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const node = ["--input-type=module"];
  const printed = execFileSync(process.execPath, node, {
    cwd: folder,
    input: code,
    encoding: "utf8",
  });
  expect(printed).toBe(output);
});
