// The programs of docs/library.md run, and print what the page says.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "oxc-transform";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(new URL("../../docs/library.md", import.meta.url), "utf8");
const programs = [...page.matchAll(/^```ts\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```/gm)].map(
  ([, program = "", output = ""]) => ({ program, output }),
);

test("the page has four programs, each with its output", () => {
  expect(programs).toHaveLength(4);
  expect(page.match(/^```ts/gm)).toHaveLength(programs.length);
});

test.each(programs)("a program of the page prints $output", ({ program, output }) => {
  const { code } = transformSync("program.ts", program);
  const node = ["--input-type=module"];
  const printed = execFileSync(process.execPath, node, {
    cwd: ROOT,
    input: code,
    encoding: "utf8",
  });
  expect(printed).toBe(output);
});
