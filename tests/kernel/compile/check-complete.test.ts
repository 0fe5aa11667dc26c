// Whether typed code runs, waits for more, or is wrong.
import { expect, test } from "vitest";
import { checkComplete } from "../../../kernel/compile/check-complete.ts";

test.each([
  "",
  "1",
  "const a = 1",
  "function f() { return 1 }",
  "`a${1}b`",
  '/[(]/.test("(")',
  "// comment (",
  "interface A { a: number }",
  'const o = { a: "}" }',
  "if (true) { 1 }",
  'const s = "it\'s"',
  "const re = /'/;",
  "class A<T> { m(): T { throw 1 } }",
  "type F = (a: number) => void",
  "await Promise.resolve(1)",
  "`${ `in${1}` }`",
  "x = a / b / c",
  "{ a: 1, b: 2 }",
  "# note\n1",
  "function f(x: number) {\n  return x * 2;\n}\n\n\n",
  "const id = <T,>(x: T) => x",
  "let x\n",
  "@dec class A {}",
  "for await (const x of y) x",
  "a\n// trailing (",
  "using x = y",
])("%j is complete", (code) => {
  expect(checkComplete(code)).toEqual({ status: "complete", indent: "" });
});

test.each([
  "function f() {",
  "const a = [1,",
  "(1 + ",
  "`abc",
  "/* open",
  "class A {\n  m() {",
  "const x =",
  "if (x) {\n  y",
  "foo(",
  "const t: Array<",
  "a &&",
  "import { x",
  "`${ {a: 1}",
  "`${",
  "`${`",
  "const f = async () => {",
  "@dec",
  "for (;;",
  "a +",
  "if (x)",
  "x ? 1 :",
  "x ? 1",
  "a.",
  "a?.",
  "const x",
  "try {}",
  "do {}",
  "switch (x) {",
  "new ",
  "() =>",
  'console.log("hello',
  "type A =",
  "interface A {",
  "enum E { A,",
  "namespace N {",
  "class A extends",
  "export ",
  "import x from",
  "{ a: 1, b",
  "{ a: 1,",
  "a + // comment",
  "a +\n\n",
  "const id = <T,>(x: T) =>",
  "[1, 2",
  "({",
  "const f = <T>(x: T) => {",
  "const f = async <T extends object>(x: T,",
  "f(<T,>(x: T) => {\n  x",
  "label:",
  "import(",
  "throw",
  "function",
  "abstract class",
])("%j is incomplete", (code) => {
  expect(checkComplete(code).status).toBe("incomplete");
});

test.each([
  "const const = 1",
  ")",
  "let 1a = 2",
  "a b c",
  "const x = 5 5",
  "]",
  "}",
  "import = 7q",
  "a }",
  '"abc\ndef"',
  "const x = ;",
  "return 1",
  "f(1,, 2)",
  "{ a: 1, b: ) ",
  "class { }",
  "%magic",
  "let a = 1; let a = 2",
  "/(/ )",
  "/abc",
])("%j is invalid", (code) => {
  expect(checkComplete(code)).toEqual({ status: "invalid", indent: "" });
});

test("the next line is indented below an opening bracket and kept otherwise", () => {
  expect(checkComplete("function f() {").indent).toBe("  ");
  expect(checkComplete("function f() {\n  if (x) {").indent).toBe("    ");
  expect(checkComplete("function f() {\n  g();").indent).toBe("  ");
  expect(checkComplete("const x =").indent).toBe("  ");
});
