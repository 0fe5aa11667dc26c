// No bare Error, a header line in every file, no vague file names, no TODO without an issue.
import { lineAt, walk, type Rule } from "./source-file.ts";

const VAGUE = /(^|\/)(utils?|helpers?|misc|common)(\.|\/)/;

/** `new Error(...)` or `Error(...)`: the house has typed classes with a stable code. */
export const throwsTypedErrors: Rule = (file) => {
  const problems: string[] = [];
  walk(file.program, (node) => {
    const called = node.type === "NewExpression" || node.type === "CallExpression";
    if (!called || (node["callee"] as { name?: string }).name !== "Error") return;
    problems.push(
      `${file.path}:${lineAt(file, node.start)} throws a bare Error: use a typed class with a stable code, and say what is expected, what came, how to fix it`,
    );
  });
  return problems;
};

/** The first line (after a #! line) says which idea the file holds. */
export const startsWithHeader: Rule = (file) => {
  const lines = file.text.split("\n");
  const first = lines[0]?.startsWith("#!") ? lines[1] : lines[0];
  const isHeader = /^\/\/ \S.{10,}/.test(first ?? "");
  return isHeader
    ? []
    : [`${file.path}:1 begins without a header line that says which idea it holds`];
};

/** Files called utils, helpers, misc or common hide their idea. */
export const namesItsIdea: Rule = (file) =>
  VAGUE.test(file.path) ? [`${file.path} is named vaguely: name the file after its idea`] : [];

/** A comment that puts work off names the issue that will do it. */
export const tracksTodos: Rule = (file) =>
  file.comments
    .filter(({ value }) => /^[\s*]*(TODO|FIXME|XXX)\b(?!.*#\d)/m.test(value))
    .map(
      (comment) => `${file.path}:${lineAt(file, comment.start)} has a TODO without an issue number`,
    );
