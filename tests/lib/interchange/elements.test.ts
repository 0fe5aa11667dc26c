// Elements of files: both byte orders, every half-precision number, and integers at the edge of int32.
import { expect, test } from "vitest";
import { DataError } from "../../../lib/index.ts";
import { elementWidth, readElements, writeElements } from "../../../lib/interchange/elements.ts";

const read = (type: string, bytes: readonly number[], isLittleEndian?: boolean): number[] => [
  ...readElements("test", {
    type,
    bytes: Uint8Array.from(bytes),
    ...(isLittleEndian !== undefined && { isLittleEndian }),
  }),
];

test("bytes are read in the order of the file", () => {
  expect(read("I16", [1, 2])).toEqual([0x0201]);
  expect(read("I16", [1, 2], false)).toEqual([0x0102]);
  expect(read("F32", [0x3f, 0x80, 0, 0], false)).toEqual([1]);
  expect(read("F64", [0x3f, 0xf0, 0, 0, 0, 0, 0, 0], false)).toEqual([1]);
  expect(read("U8", [7, 8], false)).toEqual([7, 8]);
});

test("every half-precision number is read exactly, as its definition says", () => {
  const words = Array.from({ length: 0x10000 }, (_, word) => word);
  const numbers = read(
    "F16",
    words.flatMap((word) => [word & 0xff, word >> 8]),
  );
  // Positive finite ones are in the order of their bits, from the smallest to 65504.
  const finite = numbers.slice(0, 0x7c00);
  expect(finite.every((number, word) => word === 0 || number > finite[word - 1]!)).toBe(true);
  expect([numbers[1], numbers[0x3c00], numbers[0x7bff]]).toEqual([2 ** -24, 1, 65504]);
  expect([numbers[0x7c00], numbers[0xfc00], numbers[0x7e00]]).toEqual([
    Infinity,
    -Infinity,
    Number.NaN,
  ]);
  expect(Object.is(numbers[0x8000], -0)).toBe(true);
  expect(numbers.slice(0x8000, 0xfc00)).toEqual(finite.map((number) => -number));
});

test("a brain float is the upper half of a float32", () => {
  expect(read("BF16", [0x80, 0x3f, 0x80, 0xff])).toEqual([1, -Infinity]);
  expect(read("BF16", [0x3f, 0x80], false)).toEqual([1]);
});

test("long integers are read where they fit int32", () => {
  expect(read("I64", [...Array<number>(8).fill(0xff), 5, 0, 0, 0, 0, 0, 0, 0])).toEqual([-1, 5]);
  expect(read("U32", [0xff, 0xff, 0xff, 0x7f])).toEqual([2147483647]);
  expect(() => read("U32", [0, 0, 0, 0x80])).toThrow("element 0 of U32 is 2147483648");
  expect(() => read("U64", Array<number>(8).fill(0xff))).toThrow("is 18446744073709551615");
  expect(() => read("I64", [0, 0, 0, 0, 1, 0, 0, 0])).toThrow(DataError);
});

test("what is written is little-endian", () => {
  expect([...writeElements(Int32Array.of(1, -2))]).toEqual([1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff]);
  expect([...writeElements(Float32Array.of(0, 1).subarray(1))]).toEqual([0, 0, 0x80, 0x3f]);
});

test("a type that no tensor can hold has no width", () => {
  expect(elementWidth("C64")).toBeUndefined();
  expect(elementWidth("constructor")).toBeUndefined();
});
