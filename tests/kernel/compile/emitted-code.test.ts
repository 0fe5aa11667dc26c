// The JavaScript of typical cells, written out: a change here is a change of the contract.
import { expect, test } from "vitest";
import { compileCell, scriptName } from "../../../kernel/compile/compile-cell.ts";

const START = '"use strict";await __gradlab.gate(7);';

function emitted(source: string): string {
  const cell = compileCell(source, { number: 7, name: "cell-7.ts" });
  if (!cell.ok) throw new SyntaxError(cell.evalue);
  const end = "//# sourceURL=cell-7.ts";
  expect(cell.javascript.startsWith(START)).toBe(true);
  expect(cell.javascript.endsWith(end)).toBe(true);
  return cell.javascript.slice(START.length, -end.length).trim().replace(/\s+/g, " ");
}

test.each([
  ["", ""],
  ["const a: number = 1", "let a = 1;"],
  ["var a = 1, b", "let a,b;(a = 1, b);"],
  ["class A {}", "let A = class A {};"],
  ["function f(x: number) {}", "let f = function (x) {};"],
  ["1; function f() {}\n2", "let f = function () {};1; __gradlab.result(7, 2);"],
  ["a, b", "__gradlab.result(7, (a, b));"],
  ["throw new A", "throw new A();"],
  ["() => { throw a, b }", "__gradlab.result(7, () => { throw __gradlab.throwing((a, b)); });"],
  ["await x", "__gradlab.result(7, await __gradlab.wait( x));"],
  [
    'import d, { a as b } from "m"',
    'let {default: d, a: b} = await __gradlab.wait(__gradlab.import("m", undefined, {"used":[],"unused":{"default":"d","a":"b"}}));',
  ],
  [
    'import { f, type T, U } from "m"; let u: U = f()',
    'let {f: f, U: U} = await __gradlab.wait(__gradlab.import("m", undefined, {"used":["f"],"unused":{"U":"U"}})); let u = f();',
  ],
  ['import * as n from "m"', 'let n = await __gradlab.wait(__gradlab.import("m"));'],
  ['import "m"', 'await __gradlab.wait(__gradlab.import("m"));'],
  ['import("m")', '__gradlab.result(7, __gradlab.import("m"));'],
  ["import.meta.dirname", "__gradlab.result(7, __gradlab.meta.dirname);"],
  ["let process = 1", "let __cell_process = 1;"],
  ["function status() {}", "let __cell_status = ({ status: function () {} }).status;"],
  [
    "for await (const x of y) x",
    "for await (const x of __gradlab.helpers.each(__gradlab.wait, y)) x;",
  ],
])("%j", (source, expected) => {
  expect(emitted(source)).toBe(expected);
});

test("white space in a script name does not end the name", () => {
  expect(scriptName("/my notebooks/a b.ts")).toBe("/my%20notebooks/a%20b.ts");
});

test("a comment that names another source does not win", () => {
  const cell = compileCell("1 //# sourceURL=evil.js", { number: 1, name: "cell-1.ts" });
  expect(cell.ok && cell.javascript.endsWith("\n//# sourceURL=cell-1.ts")).toBe(true);
});
