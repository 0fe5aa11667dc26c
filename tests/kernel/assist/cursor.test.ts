// Cursors in code points and offsets in UTF-16 units, there and back, and whatever clients send.
import { describe, expect, test } from "vitest";
import { cursorOfOffset, offsetOfCursor } from "../../../kernel/assist/cursor.ts";

describe("a cursor in code points", () => {
  test.each([
    ["abc", 2, 2],
    ["😀😀ab", 2, 4],
    ["😀😀ab", 3, 5],
    ["a😀", 1, 1],
    ["a\uD83Db", 2, 2],
  ])("of %j at %i stands at unit %i, and back", (code, cursor, offset) => {
    expect(offsetOfCursor(code, cursor)).toBe(offset);
    expect(cursorOfOffset(code, offset)).toBe(cursor);
  });

  test.each([
    [-5, 0],
    [99_999, 5],
    [Number.POSITIVE_INFINITY, 5],
    [Number.NaN, 5],
    ["2", 5],
    [null, 5],
    [undefined, 5],
    [1.9, 1],
  ])("%s stays inside the code", (cursor, offset) => {
    expect(offsetOfCursor("a😀bc", cursor)).toBe(offset);
  });
});
