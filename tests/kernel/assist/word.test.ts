// What word a cursor stands in, whether it is a member, and which expressions in front of a dot may be looked up live.
import { describe, expect, test } from "vitest";
import { plainChainBefore, wordAt, wordTouching } from "../../../kernel/assist/word.ts";

/** Code with `|` for the cursor. */
function cut(marked: string): [code: string, offset: number] {
  return [marked.replace("|", ""), marked.indexOf("|")];
}

describe("the word at a cursor", () => {
  test.each([
    ["Math.sq|", "sq", "sq", true],
    ["Math.sq|rt(1)", "sq", "sqrt", true],
    ["value?.na|", "na", "na", true],
    ["list\n  .ma|", "ma", "ma", true],
    ["func|", "func", "func", false],
    ["f(|x)", "", "", false],
    ["[...re|]", "re", "re", false],
    ["1.|", "", "", false],
    ["values[0].|", "", "", true],
    ["call().|", "", "", true],
    ["this.#pri|", "#pri", "#pri", true],
    ["größe|", "größe", "größe", false],
    ["𝒳𝒴|", "𝒳𝒴", "𝒳𝒴", false],
    ["😀a|", "a", "a", false],
  ])("%j has the prefix %j in %j", (marked, prefix, whole, isMember) => {
    const [code, offset] = cut(marked);
    const word = wordAt(code, offset);
    expect(word.prefix).toBe(prefix);
    expect(code.slice(word.start, word.end)).toBe(whole);
    expect(word.isMember).toBe(isMember);
  });

  test.each([
    ["scal|eIt(1)", 0],
    ["|scaleIt(1)", 0],
    ["scaleIt|(1)", 0],
    ["scaleIt(|)", undefined],
    ["a + | b", undefined],
  ])("%j touches the word that starts at %s", (marked, start) => {
    expect(wordTouching(...cut(marked))).toBe(start);
  });
});

test("long data in a cell costs no time", () => {
  const code = `const data = "${"A".repeat(300_000)}"; ${" ".repeat(100_000)}boat.sa`;
  const started = performance.now();
  expect(wordAt(code, code.length)).toMatchObject({ prefix: "sa", isMember: true });
  expect(plainChainBefore(code.slice(0, -2))).toBe("boat");
  expect(wordAt(code, 200_000).prefix).toHaveLength(200_000 - 14);
  expect(plainChainBefore("a.".repeat(400))).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(1000);
});

describe("an expression in front of a dot", () => {
  test.each([
    ["model.", "model"],
    ["const a = model.layers[0].", "model.layers[0]"],
    ['x = data["my key"].', 'data["my key"]'],
    ["print(model?.weights?.", "model?.weights"],
  ])("%j ends in %j", (before, chain) => {
    expect(plainChainBefore(before)).toBe(chain);
  });

  test.each(["call().", "(a + b).", '"text".', "list[i].", "list[i++].a.", "new A().b."])(
    "%j is never evaluated",
    (before) => {
      expect(plainChainBefore(before)).toBeUndefined();
    },
  );
});
