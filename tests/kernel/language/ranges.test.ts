// Places count lines the way the language server does, and answers are told in lines of the cell.
import { expect, test } from "vitest";
import { liftRanges, offsetAt, positionAt } from "../../../kernel/language/ranges.ts";

const TEXT = "one\r\n😀two\rthree\n\nend";

test("an offset and its place lead to each other, whatever ends the lines", () => {
  expect(positionAt(TEXT, TEXT.indexOf("two"))).toEqual({ line: 1, character: 2 });
  for (const word of ["one", "two", "three", "end"]) {
    const offset = TEXT.indexOf(word);
    expect(offsetAt(TEXT, positionAt(TEXT, offset))).toBe(offset);
  }
});

test("places outside of the text become its ends", () => {
  expect(offsetAt(TEXT, { line: -1, character: 5 })).toBe(0);
  expect(offsetAt(TEXT, { line: 99, character: 0 })).toBe(TEXT.length);
});

test("ranges move up, those of the line above the cell to its start, those of other files not", () => {
  const range = (line: number) => ({ start: { line, character: 3 }, end: { line, character: 4 } });
  const top = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const answer = [
    { range: range(3), edits: [range(0)] },
    { uri: "file:///lib.d.ts", range: range(3) },
  ];
  expect(liftRanges(answer, 1, () => false)).toEqual([
    { range: range(2), edits: [top] },
    { uri: "file:///lib.d.ts", range: range(3) },
  ]);
});
