// Values of a stopped program on one line: what V8's inspector says of them, made readable.
import { Session, type Runtime } from "node:inspector";
import { afterAll, describe, expect, test } from "vitest";
import { lengthOf, typeText, valueText } from "../../../kernel/debug/value-text.ts";

const session = new Session();
session.connect();
afterAll(() => session.disconnect());

function remote(expression: string): Runtime.RemoteObject {
  let value: Runtime.RemoteObject | undefined;
  const command = { expression: `(${expression})`, generatePreview: true };
  session.post("Runtime.evaluate", command, (_error, reply) => {
    value = (reply as Runtime.EvaluateReturnType).result;
  });
  return value as unknown as Runtime.RemoteObject;
}

describe("a value on one line", () => {
  test.each([
    ["1.5", "1.5"],
    ["-0", "-0"],
    ["NaN", "NaN"],
    ["10n", "10n"],
    ["true", "true"],
    ["null", "null"],
    ["undefined", "undefined"],
    ["Symbol('s')", "Symbol(s)"],
    ["'a\"b\\n'", '"a\\"b\\n"'],
    ["'x'.repeat(300)", `"${"x".repeat(199)}…`],
    ["[1, 'two', [3], { four: 4 }]", '[1, "two", Array(1), {…}]'],
    ["new Float32Array([1, 2])", "Float32Array(2) [1, 2]"],
    ["new Map([['a', 1]])", 'Map(1) {"a" → 1}'],
    ["new Set([{ a: 1 }])", "Set(1) {{…}}"],
    ["{ x: 1, y: { z: 2 }, f() {} }", "{ x: 1, y: {…}, … }"],
    ["{}", "{}"],
    ["new (class Point { x = 1 })", "Point { x: 1 }"],
    ["new (class Empty {})", "Empty"],
    ["new TypeError('no')", "TypeError: no"],
    ["/a+/g", "/a+/g"],
    ["function add(a, b) { return a + b }", "ƒ add(a, b)"],
    ["async (value) => value", "ƒ (value)"],
    ["x => x", "ƒ (x)"],
    ["class Point extends Object {}", "class Point extends Object"],
    ["{ get x() { return 1 } }", "{ x: (…) }"],
  ])("%s is shown as %s", (expression, text) => {
    expect(valueText(remote(expression))).toBe(text);
  });

  test("a long list says that there is more", () => {
    expect(valueText(remote("Array.from({ length: 1000 }, () => 0)"))).toMatch(/^\[0, 0.*…$/);
  });
});

test("lists know their length, and nothing else does", () => {
  expect(
    ["[1, 2]", "new Uint8Array(3)", "new Map()", "{ length: 9 }"].map(remote).map(lengthOf),
  ).toEqual([2, 3, 0, undefined]);
});

test("JupyterLab is told only the types whose values it shows in their place", () => {
  const types = (style: "javascript" | "jupyterlab"): (string | undefined)[] =>
    ["1", "1.5", "'a'", "true", "[1]", "1n"].map(remote).map((value) => typeText(value, style));
  expect(types("jupyterlab")).toEqual(["int", "float", "str", "bool", undefined, undefined]);
  expect(types("javascript")).toEqual(["number", "number", "string", "boolean", "Array", "bigint"]);
});
