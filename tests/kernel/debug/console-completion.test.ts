// What JupyterLab's debug console evaluates for a completion, as the installed JupyterLab writes it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { completionAnswer, readConsoleQuestion } from "../../../kernel/debug/console-completion.ts";

const require = createRequire(new URL("../../../lab/ui/package.json", import.meta.url));
const EXTENSION = "@jupyterlab/debugger-extension";
const PROVIDER = readFileSync(
  join(
    dirname(require.resolve(`${EXTENSION}/package.json`)),
    "lib/debugger-completion-provider.js",
  ),
  "utf8",
);
const ask = (text: string, offset = text.length): string =>
  `getCompletionsForDebugger(${JSON.stringify(text)}, ${offset})`;

test("the definition in Python is known, and so is the call", () => {
  const python = /const pyCode = `([^`]*)`/.exec(PROVIDER)?.[1] ?? "";
  expect(readConsoleQuestion(python)).toEqual({ type: "definition" });
  expect(PROVIDER).toContain("`getCompletionsForDebugger(${JSON.stringify(text)}, ${offset})`");
});

test.each([
  ["sc", { object: undefined, prefix: "sc", start: 0, end: 2 }],
  ["1 + scores.le", { object: "scores", prefix: "le", start: 11, end: 13 }],
  ["a.b[0].", { object: "a.b[0]", prefix: "", start: 7, end: 7 }],
  ["(", { object: undefined, prefix: "", start: 1, end: 1 }],
])("%s is completed at its end", (text, target) => {
  expect(readConsoleQuestion(ask(text))).toEqual({ type: "completion", ...target });
});

test("what a person types is an expression", () => {
  expect(readConsoleQuestion("getCompletions(1)")).toBeUndefined();
});

test("the answer holds the names that begin so, once and in order", () => {
  const target = { object: undefined, prefix: "a", start: 0, end: 1 };
  expect(JSON.parse(completionAnswer(target, ["ab", "b", "aa", "ab"]))).toMatchObject({
    matches: ["aa", "ab"],
    cursor_start: 0,
    cursor_end: 1,
  });
});
