// Where a text stops being JSON: hand-picked cases, and agreement with JSON.parse on damaged texts.
import { expect, test } from "vitest";
import { findJsonError } from "../../nbformat/json-error.ts";

test.each([
  ["{}", undefined],
  ['{"a": [1, -2.5e3, "x\\u00e9\\n", {"b": {}}, [], true, null]}', undefined],
  ['{"a" 1}', 'a ":"'],
  ["{a: 1}", 'a name in double quotes or "}"'],
  ['{"a": 1,}', "a name in double quotes"],
  ["[1 2]", 'a "," or the closing bracket'],
  ["[1}", 'a "," or the closing bracket'],
  ["[1,]", "a value"],
  ['"tab\there"', "an escape such as \\n instead of a raw control character"],
  ['"\\x"', "a JSON escape after the backslash"],
  ["{} {}", "nothing more"],
  ['{"a": "', "a closing double quote"],
])("%s needs %s", (text, expected) => {
  expect(findJsonError(text)?.expected).toBe(expected);
});

test("it agrees with JSON.parse on every damaged version of a small text", () => {
  const text = '{"a": [1.5, {"b": "c\\n"}, null], "d": -0}';
  for (let at = 0; at < text.length; at += 1) {
    for (const change of ["", "}", "[", ",", '"', "7", "x"]) {
      const damaged = text.slice(0, at) + change + text.slice(at + 1);
      expect([damaged, findJsonError(damaged) === undefined]).toEqual([damaged, isJson(damaged)]);
    }
  }
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
