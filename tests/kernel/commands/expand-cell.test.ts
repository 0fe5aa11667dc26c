// Where `%name` is a command and where it stays TypeScript, and what each command becomes.
// Covers: kernel/commands/cell-head.ts, kernel/commands/find-uses.ts, kernel/commands/source-edits.ts
// Covers: kernel/commands/statement-lists.ts, kernel/commands/command.ts, kernel/commands/usage-problem.ts
// Covers: kernel/commands/table.ts
import { describe, expect, test } from "vitest";
import { compileWithCommands } from "../../../kernel/commands/compile-cell.ts";
import { expandCell, typeScriptOf } from "../../../kernel/commands/expand-cell.ts";

function expanded(source: string, variables: readonly string[] = []): string | undefined {
  const result = expandCell(source, (name) => variables.includes(name));
  if (result && "problem" in result) return `! ${result.problem}`;
  return result?.text;
}

describe("a percent sign stays TypeScript", () => {
  test.each([
    ["as an operator at the start of a line", "a\n% b"],
    ["without a space", "a\n%b"],
    ["before a name that a later line declares", "const who = 2\nconst r = 7\n  %who"],
    ["in a template", "`\n%time f()\n`"],
    ["in a comment", "/*\n%time f()\n*/ 1"],
    ["in the middle of an expression", "const x = (\n  7\n  %time\n)\nvar time"],
    ["in a string", "'a\\\n%time b'"],
    ["behind an operator", "const r = 7 +\n  %who"],
    ["in a percent assignment", "let a = 7\na %= 3"],
  ])("%s", (_, source) => {
    expect(expanded(source)).toBeUndefined();
  });

  test("before a name that an earlier cell declared", () => {
    expect(expanded("a\n%time", ["time"])).toBeUndefined();
  });
});

describe("a command is recognised", () => {
  test.each([
    ["on the first line", "%who"],
    ["after a statement without a semicolon", "const a = 1\n%who"],
    ["after a call without a semicolon", "f(1)\n%time g(2)"],
    ["between statements", "f();\n%who\ng();"],
    ["indented", "  %who"],
    ["in a block", "for (const i of a) {\n  %time f(i)\n}"],
    ["in a function, when it takes code", "function f() {\n  %time g()\n}"],
    ["beside an operator that looks like one", "%who\nconst z = a\n%b"],
    ["with a template elsewhere that looks like one", "%who\nconst z = `\n%who\n`"],
    ["with Windows line ends", "f()\r\n%who\r\ng()"],
    ["in JSX", "const e = <b>\n%who</b>\n%who"],
  ])("%s", (_, source) => {
    expect(expanded(source)).toContain("__gradlab.commands.run(");
  });
});

test.each([
  [
    "%time f(1)",
    "; __gradlab.commands.marks[0] = RUN [] });RUN [__gradlab.commands.marks[0], (f(1))] })",
  ],
  [
    "%time const a = 1 // b",
    "; __gradlab.commands.marks[0] = RUN [] });const a = 1;RUN [__gradlab.commands.marks[0]] }); // b",
  ],
  [
    "%time f({\n  a: 1,\n})\nb",
    "; __gradlab.commands.marks[0] = RUN [] });RUN [__gradlab.commands.marks[0], (f({\n  a: 1,\n}))] })\nb",
  ],
  [
    "%%time\nf()\ng()",
    ";__gradlab.commands.marks[0] = RUN [] });\nf()\nRUN [__gradlab.commands.marks[0], (g())] })",
  ],
])("%j", (source, expected) => {
  const run = '__gradlab.commands.run("time", { argument: "", values:';
  expect(expanded(source)?.replaceAll(run, "RUN")).toBe(expected);
});

test("code that awaits is measured in a function that awaits", () => {
  expect(expanded("%timeit await f()")).toMatch(
    /^; await \(__gradlab\.commands\.run\(.*async \(__loops, __stop\)/,
  );
  expect(expanded("%timeit f(async () => await g())")).not.toContain("async (__loops");
});

test("a comment behind a command is not its argument, but for the shell it is text", () => {
  expect(expanded("%install lodash // for zip")).toContain('"argument":"lodash"');
  expect(expanded("%who // all")).toContain('"argument":""');
  expect(expanded("%sh echo // a")).toContain('"argument":"echo // a"');
});

test("a shell cell is text, whatever it looks like", () => {
  expect(expanded("%%sh\n%time $(\n`")).toBe(
    ';await __gradlab.commands.run("sh", {"name":"sh","argument":"","body":"%time $(\\n`"});'.slice(
      1,
    ),
  );
});

describe("wrong uses say what is expected, what came and how to fix it", () => {
  test.each([
    ["%tiem f()", /^! .*has; got %tiem\. Did you mean %time\? The commands are %help/],
    ["%matplotlib inline", /got %matplotlib\. The commands are/],
    ["%%tim\n1", /got %%tim\. Did you mean %%time\?/],
    ["%%who\n", /^! %who is written with one percent sign; got %%who\. Write %who\./],
    ["%time", /^! %time takes TypeScript; got none in its line\. Write/],
    [
      "%%time f()\ng()",
      /^! %%time stands alone in its line; got f\(\) behind it\. Write that below/,
    ],
    ["%%time\n", /^! %%time takes TypeScript; got none in the lines below it\. Write/],
    ["%timeit -n 0 f()", /got -n 0\. Write it as in %timeit/],
    ["%timeit -x f()", /got -x\. Write it as in/],
    ["%timeit -n f()", /got -n\. Write it as in/],
    ["%types maybe", /takes off, on or strict; got maybe\. Write/],
    ["%install", /got no package\. Write it as in %install lodash/],
    ["%install --global x", /got the option --global\. Write/],
    ["function f() {\n  %who\n}", /must stand outside of functions; got it inside one\. Move/],
  ])("%j", (source, expected) => {
    expect(expanded(source)).toMatch(expected);
  });

  test("the report names the line and shows it", () => {
    const cell = compileWithCommands("1\n  %tiem 3", { number: 4, name: "cell-4.ts" });
    expect(cell).toMatchObject({ ok: false, ename: "UsageError" });
    const text = cell.ok ? "" : cell.traceback.join("\n");
    expect(text).toContain("cell 4, line 2, column 3");
    expect(text).toContain("%tiem 3");
  });
});

describe("places stay right", () => {
  test.each([
    ["%time x.y", 0, 6],
    ["1\n  %time  x.y", 1, 9],
    ["%%time\n\n x.y", 2, 1],
    ["%timeit -n 3 x.y", 0, 13],
    ["%%timeit -n 3\nx.y", 1, 0],
    ["%who\nx.y", 1, 0],
    ["%time f({\n  a: x.y })", 1, 5],
  ])("the place of x in %j", (source, line, column) => {
    const cell = compileWithCommands(source, { number: 1, name: "cell-1.ts" });
    if (!cell.ok) throw new SyntaxError(cell.evalue);
    const before = cell.javascript.slice(0, cell.javascript.indexOf("x.y")).split("\n");
    const place = cell.positions.toTypeScript(before.length - 1, before.at(-1)!.length);
    expect(place).toEqual({ line, column });
  });

  test.each([
    ["%time f(", 1, 9],
    ["%%time\nf()\nconst = 3", 3, 7],
    ["%who\n%timeit -n 3 a b", 2, 15],
  ])("the syntax error of %j", (source, line, column) => {
    const cell = compileWithCommands(source, { number: 1, name: "cell-1.ts" });
    expect(cell.ok ? "" : cell.traceback.join("\n")).toContain(`line ${line}, column ${column}`);
  });
});

describe("the TypeScript of a cell, for tools that read it", () => {
  test.each([
    ["a + 1", "a + 1"],
    ["%time f(x)", ";     f(x)"],
    ["f()\n%install lodash\ng()", "f()\n;              \ng()"],
    ["%%time\nf()", "      \nf()"],
    ["%%timeit -n 3 let a = [1]\na.push(2)", "              let a = [1]\na.push(2)"],
    ["%%sh\nls $(", "    \n     "],
    ["%time f(", ";     f("],
    ["`\n%time\n` + 1", "`\n%time\n` + 1"],
  ])("%j", (source, expected) => {
    expect(typeScriptOf(source)).toBe(expected);
  });
});
