// The programs of README.md, docs/library.md and docs/compile.md run, and print what the page says.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "oxc-transform";
import { expect, onTestFinished, test } from "vitest";

const RESULTS = fileURLToPath(new URL("../../results", import.meta.url));
const PAGES = { "README.md": 1, "docs/library.md": 6, "docs/compile.md": 2 };
const textOf = (page: string): string =>
  readFileSync(new URL(`../../${page}`, import.meta.url), "utf8");
const programsOf = (page: string): { program: string; output: string }[] =>
  [...textOf(page).matchAll(/^```ts\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```/gm)].map(
    ([, program = "", output = ""]) => ({ program, output }),
  );
const programs = Object.keys(PAGES).flatMap(programsOf);

test.each(Object.entries(PAGES))("%s has %d programs, each with its output", (page, count) => {
  expect(programsOf(page)).toHaveLength(count);
  expect(textOf(page).match(/^```ts/gm)).toHaveLength(count);
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
