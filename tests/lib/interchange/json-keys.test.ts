// Keys that stand twice in an object are found, wherever it is; everything else is left alone.
import { expect, test } from "vitest";
import { repeatedKey } from "../../../lib/interchange/json-keys.ts";

test.each([
  ['{"a":1,"a":2}', "a"],
  ['{"a":1, "b" : {"c":[{"d":0,"d":0}]}}', "d"],
  ['{"\\u0061":1,"a":2}', "a"],
  ['{"__proto__":1,"__proto__":2}', "__proto__"],
  ['{"\\"":1,"\\"":2}', '"'],
  ['{"":1,"":2}', ""],
])("%s has one twice", (text, key) => {
  expect(repeatedKey(text)).toBe(key);
});

test.each([
  "{}",
  '["a","a"]',
  '{"a":"a","b":"a"}',
  '{"a":{"a":{"a":1}},"b":{"a":1}}',
  '{"a":"{\\"a\\":1,\\"a\\":2}"}',
  '{"constructor":1,"toString":2}',
])("%s has none", (text) => {
  expect(repeatedKey(text)).toBeUndefined();
});
