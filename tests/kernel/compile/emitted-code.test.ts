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
  // Awaits inside of awaits, and a call at the end.
  [
    "await f(await g(), [await h])",
    "__gradlab.result(7, await __gradlab.wait( f(await __gradlab.wait( g()), [await __gradlab.wait( h)])));",
  ],
  [
    "await (await import('m')).default(await x)",
    '__gradlab.result(7, await __gradlab.wait( (await __gradlab.wait( __gradlab.import("m"))).default(await __gradlab.wait( x))));',
  ],
  ["a?.b(await c)", "__gradlab.result(7, a?.b(await __gradlab.wait( c)));"],
  ["f(x => x + 1)", "__gradlab.result(7, f((x) => x + 1));"],
  ["f(async x => await x)", "__gradlab.result(7, f(async (x) => await x));"],
  ["x = await y, z", "__gradlab.result(7, (x = await __gradlab.wait( y), z));"],
  ["if (await a) b; else c", "if (await __gradlab.wait( a)) b; else c;"],
  // Enums start anew in each run and merge within one.
  [
    "enum E { A }\nE.A",
    'let E;(E = /* @__PURE__ */ function(E) { E[E["A"] = 0] = "A"; return E; }(E || {})); __gradlab.result(7, E.A);',
  ],
  [
    "enum E { A }\nenum E { B = 1 }",
    'let E;(E = /* @__PURE__ */ function(E) { E[E["A"] = 0] = "A"; return E; }(E || {})); E = /* @__PURE__ */ function(E) { E[E["B"] = 1] = "B"; return E; }(E || {});',
  ],
  // Functions are there before the first statement, whatever kind they are of.
  [
    "g()\nfunction g() { return h() }\nasync function h() {}\nfunction* i() {}",
    "let g = function () { return h(); };let h = async function () {};let i = function* () {};g();",
  ],
  ["export default function f() {}", "let f = function () {};"],
  ["const { a, b: [c] } = await d", "let { a, b: [c] } = await __gradlab.wait( d);"],
  ["for (var i = 0; i < 3; i++);", "let i;for ((i = 0); i < 3; i++);"],
  [
    "const k = 1; k = 2",
    'let k = 1; __gradlab.result(7, k = (2, __gradlab.helpers.constant("k")));',
  ],
  ["let jQuery = 1; jQuery++", "let __cell_jQuery = 1; __gradlab.result(7, __cell_jQuery++);"],
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

test("names of the user's files are loaded again first, unless the cell declares them itself", () => {
  const from = { specifier: "./geometry.ts", key: "area" };
  const known = new Map([
    ["area", { name: "area", kind: "import" as const, binding: "area", from }],
  ]);
  const code = (source: string): string => {
    const cell = compileCell(source, { number: 7, name: "cell-7.ts", known });
    return cell.ok ? cell.javascript : "";
  };
  const reload =
    '__gradlab.wait(__gradlab.reload([{"specifier":"./geometry.ts","key":"area","binding":"area"}]));';
  expect(code("area(1)")).toContain(`${START}await ${reload}`);
  expect(code("const area = 1")).not.toContain("reload");
});
