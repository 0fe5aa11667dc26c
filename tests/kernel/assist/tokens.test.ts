// Cutting TypeScript into tokens: kinds, gaps, and what a cursor stands in.
import { describe, expect, test } from "vitest";
import { quietTokenAt, tokensOf } from "../../../kernel/assist/tokens.ts";

const kinds = (code: string): string[] =>
  tokensOf(code)
    .filter(({ text }) => text.trim() !== "")
    .map(({ kind, text }) => `${kind} ${text}`);

describe("tokens", () => {
  test("have the kinds that a reader sees", () => {
    expect(kinds('const a: number = f("x", 1.5); // so')).toEqual([
      "keyword const",
      "name a",
      "plain :",
      "type number",
      "plain =",
      "name f",
      "plain (",
      'string "x"',
      "plain ,",
      "number 1.5",
      "plain )",
      "plain ;",
      "comment // so",
    ]);
  });

  test.each(["let s = 'it\\'s", "a /* open", "`${x} 😀", "#private ∂"])(
    "cover all of %j",
    (code) => {
      expect(
        tokensOf(code)
          .map(({ text }) => text)
          .join(""),
      ).toBe(code);
    },
  );

  test.each([
    ['f("a|")', "string"],
    ['f("a"|)', undefined],
    ['f("a|', "string"],
    ["// a|", "comment"],
    ["/* a */|", undefined],
    ["/* a|", "comment"],
    ["a|", undefined],
  ])("in %j the cursor stands in: %s", (marked, kind) => {
    expect(quietTokenAt(marked.replace("|", ""), marked.indexOf("|"))?.kind).toBe(kind);
  });
});
