// What JupyterLab's debug console evaluates for a completion, as the installed JupyterLab writes it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { completionAnswer, readConsoleQuestion } from "../../../kernel/debug/console-completion.ts";

const require = createRequire(import.meta.url);
const PROVIDER = readFileSync(
  join(
    dirname(require.resolve("@jupyterlab/debugger-extension/package.json")),
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
  ["sc", undefined, "sc", 0, 2],
  ["1 + scores.le", "scores", "le", 11, 13],
  ["a.b[0].", "a.b[0]", "", 7, 7],
  ["(", undefined, "", 1, 1],
])("%s is completed at its end", (text, object, prefix, start, end) => {
  const type = "completion";
  expect(readConsoleQuestion(ask(text))).toEqual({ type, object, prefix, start, end });
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
