// What a debug console completes at the cursor, and with which names.
import { expect, test } from "vitest";
import { completionItems, completionTarget } from "../../../kernel/debug/completion.ts";

test.each([
  ["sc", { object: undefined, prefix: "sc" }],
  ["1 + scores.le", { object: "scores", prefix: "le" }],
  ["a.b[0].", { object: "a.b[0]", prefix: "" }],
  ["(", { object: undefined, prefix: "" }],
])("%s is completed at its end", (text, target) => {
  expect(completionTarget(text, text.length + 1)).toEqual(target);
});

test("only what stands before the cursor counts", () => {
  expect(completionTarget("person.name", 4)).toEqual({ object: undefined, prefix: "per" });
});

test("the names that begin so come once, in order, with what they replace", () => {
  const items = completionItems({ object: "x", prefix: "a" }, ["ab", "b", "aa", "ab"], 4);
  expect(items.map(({ label }) => label)).toEqual(["aa", "ab"]);
  expect(items[0]).toEqual({ label: "aa", type: "property", start: 3, length: 1 });
});
