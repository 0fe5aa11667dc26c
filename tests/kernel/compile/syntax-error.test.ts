// A cell that cannot be read: the TypeScript line, a caret, and a fix where the parser has one.
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { compileCell } from "../../../kernel/compile/compile-cell.ts";

function report(source: string): { ename: string; evalue: string; text: string } {
  const result = compileCell(source, { number: 4, name: "cell-4.ts" });
  if (result.ok) throw new RangeError("the cell compiled");
  const text = stripVTControlCharacters(result.traceback.join("\n"));
  return { ename: result.ename, evalue: result.evalue, text };
}

test("the message names cell, line and column and marks the place", () => {
  const { ename, evalue, text } = report("const a1 = 1;\nconst b1 = 2;\nconst c1 = (3 + ;");
  expect(ename).toBe("SyntaxError");
  expect(evalue).toBe("Unexpected token");
  expect(text).toBe(
    "SyntaxError: Unexpected token\n  at cell 4, line 3, column 17\n  1 | const a1 = 1;\n  2 | const b1 = 2;\n> 3 | const c1 = (3 + ;\n    |                 ^",
  );
});

test.each([
  ["await in a function", "function f() { await x }", /Fix: .*add the `async` keyword/],
  ["a missing semicolon", "a b c", /Fix: .*semicolon/],
  ["return", "return 5", /'return' statement can only be used within a function/],
  ["the same name twice", "let a = 1;\nlet a = 2;", /`a` has already been declared/],
  ["an unfinished cell", "function f() {", /Expected `}` but the cell ends here/],
  ["a shell line of another kernel", "!pip install x", /Fix: .*%%sh/],
])("says what is wrong about %s", (_title, source, message) => {
  expect(report(source).text).toMatch(message);
});

test("places behind astral characters and CRLF are right", () => {
  const { text } = report("/* 😀😀 */ const = 1;\r\nlet ok = 2;");
  expect(text).toContain("line 1, column 18");
  expect(text).toContain("> 1 | /* 😀😀 */ const = 1;\n    |                  ^");
});

test("several problems are listed, the first ones in full", () => {
  const { text } = report("with (a) {}\ndelete b;\n08;\nyield;\nlet let = 1;");
  expect(text.match(/^SyntaxError: /gm)?.length).toBe(3);
  expect(text).toMatch(/\.\.\. \d+ more$/);
});
