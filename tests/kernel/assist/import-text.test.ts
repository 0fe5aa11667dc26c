// Where an import is written that a completion brings along, so that replacing text is all a client must do.
import { describe, expect, test } from "vitest";
import {
  hasOtherWordsLike,
  importPlace,
  importStatement,
} from "../../../kernel/assist/import-text.ts";
import { wordAt } from "../../../kernel/assist/word.ts";

/** The cell after accepting an import of `mk` at the mark. */
function accepted(marked: string): string | undefined {
  const offset = marked.indexOf("|");
  const code = marked.replace("|", "");
  const word = wordAt(code, offset);
  const place = importPlace(code, word);
  if (!place) return undefined;
  const line = importStatement([], "mk", "pkg");
  return `${code.slice(0, place.start)}${line}\n${place.between}mk${code.slice(word.end)}`;
}
const IMPORT = 'import { mk } from "pkg";';

describe("an import that comes with a name", () => {
  test.each([
    ["mk|", `${IMPORT}\nmk`],
    ["const a = mk|({", `${IMPORT}\nconst a = mk({`],
    ["const a = 1;\nconst b = f(mk|);", `const a = 1;\n${IMPORT}\nconst b = f(mk);`],
    ["const a =\n  mk|", `${IMPORT}\nconst a =\n  mk`],
    ["function f() {\n  return mk|\n}", `${IMPORT}\nfunction f() {\n  return mk\n}`],
    ["f(1)\nmk|", `f(1)\n${IMPORT}\nmk`],
  ])("%j becomes %j", (marked, code) => {
    expect(accepted(marked)).toBe(code);
  });

  test("is not offered far inside a long statement", () => {
    expect(accepted(`f(\n${"  1,\n".repeat(20)}  mk|`)).toBeUndefined();
  });

  test("is the statement of the server, when that is a whole one", () => {
    expect(importStatement(['import mk from "pkg";\n\n'], "mk", "pkg")).toBe(
      'import mk from "pkg";',
    );
    expect(importStatement([", mk"], "mk", "pkg")).toBe(IMPORT);
  });
});

test("other words of the cell that begin alike are seen", () => {
  expect(hasOtherWordsLike("mk; const mkBox = 1", wordAt("mk; ", 2))).toBe(true);
  expect(hasOtherWordsLike("mk; const a = mk", wordAt("mk; ", 2))).toBe(false);
});
