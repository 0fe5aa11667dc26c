// Patterns of a history search stand for the whole text.
import { expect, test } from "vitest";
import { isGlobMatch } from "../../../kernel/history/glob.ts";

test.each<[string, string, boolean]>([
  ["*", "", true],
  ["*", "a\nb", true],
  ["", "", true],
  ["", "a", false],
  ["22*", "22+2", true],
  ["22*", "122", false],
  ["*fit*(*)", "await fit(model)", true],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["A*", "abc", false],
  ["[a-c]1", "b1", true],
  ["[a-c]1", "d1", false],
  ["[^a-c]1", "d1", true],
  ["[]]", "]", true],
  ["x[", "x[", true],
  ["a*b*c", "a--b--b--c", true],
  ["a*b*c", "a--b--b--", false],
  ["$(.*)+", "$(.x)+", true],
])("%j for %j is %s", (pattern, text, expected) => {
  expect(isGlobMatch(pattern, text)).toBe(expected);
});

test("a pattern of many stars does not take long", () => {
  expect(isGlobMatch("*a".repeat(50), "a".repeat(5000) + "b")).toBe(false);
});
