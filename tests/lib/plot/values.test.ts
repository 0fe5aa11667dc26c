// Lists, typed arrays and tensors become numbers and gaps, or a message with the fix.
// Covers: lib/plot/problems.ts
import { describe, expect, test } from "vitest";
import { fromTypedArray } from "../../../lib/ops/creation.ts";
import type { Tensor } from "../../../lib/tensor.ts";
import { ArgumentError, ShapeError } from "../../../lib/errors.ts";
import {
  extent,
  finite,
  readTable,
  readValues,
  requireSameLength,
  readNames,
} from "../../../lib/plot/values.ts";

const tensorOf = (shape: number[], numbers: number[]): Tensor =>
  fromTypedArray(Float32Array.from(numbers), shape);

describe("a list of numbers", () => {
  test("may be an array, a typed array, booleans or a tensor", () => {
    expect(readValues("y", [1, 2])).toEqual([1, 2]);
    expect(readValues("y", new Int32Array([1, 2]))).toEqual([1, 2]);
    expect(readValues("y", [true, false] as unknown as number[])).toEqual([1, 0]);
    expect(readValues("y", tensorOf([2], [1, 2]))).toEqual([1, 2]);
  });

  test("keeps six digits, and a gap where a number is not finite", () => {
    expect(readValues("y", [1 / 3, Number.NaN, Infinity])).toEqual([0.333333, null, null]);
  });

  test.each([
    [[], ArgumentError, "plotLine: y must hold at least one number, got an empty list."],
    [[Number.NaN], ArgumentError, "got 1 values that are all NaN or infinite. A training run that"],
    ["abc", ArgumentError, 'plotLine: y must be a list of numbers, got the text "abc".'],
    [undefined, ArgumentError, "got undefined. Pass an array, a typed array or a tensor [n]."],
    [[1, "2"], ArgumentError, 'plotLine: y[1] must be a number, got the text "2". Convert it'],
    [[1, null], ArgumentError, "plotLine: y[1] must be a number, got null."],
    [
      tensorOf([1, 2], [1, 2]),
      ShapeError,
      "plotLine: y must be a tensor of rank 1, got shape [1, 2].",
    ],
  ])("%j is refused with what to do", (values, kind, message) => {
    const read = (): unknown => readValues("plotLine: y", values as number[]);
    expect(read).toThrow(kind);
    expect(read).toThrow(message);
  });
});

describe("a table of numbers", () => {
  test("may be rows or a tensor", () => {
    expect(readTable("z", [new Float32Array([1, 2]), [3, 4]])).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(readTable("z", tensorOf([2, 3], [1, 2, 3, 4, 5, 6]))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  test("may have a row of gaps, but not only gaps", () => {
    expect(readTable("z", [[1], [Number.NaN]])).toEqual([[1], [null]]);
    expect(() => readTable("z", [[Number.NaN], [Number.NaN]])).toThrow(ArgumentError);
  });

  test("with rows of different length is refused with the row", () => {
    const read = (): unknown => readTable("plotHeatMap: z", [[1, 2], [3]]);
    expect(read).toThrow(ShapeError);
    expect(read).toThrow("must have rows of equal length (2 as in row 0), got 1 in row 1.");
  });

  test("without rows is refused", () => {
    expect(() => readTable("z", [])).toThrow(
      "z must be a table with at least one row, got no rows.",
    );
    expect(() => readTable("z", 5 as unknown as number[][])).toThrow("got a number.");
  });
});

test("names may be texts, numbers or a tensor", () => {
  expect(readNames(["a", 1, 1 / 3])).toEqual(["a", "1", "0.333333"]);
  expect(readNames(tensorOf([2], [0.1, 7]))).toEqual(["0.1", "7"]);
});

test("lists that belong together must have one length", () => {
  expect(() => requireSameLength(["x", 2], ["y", 3])).toThrow(
    "x must have as many entries as y (3), got 2.",
  );
});

test("the extent and the finite part of a list leave gaps out", () => {
  expect(finite([1, null, 3])).toEqual([1, 3]);
  expect(extent([3, -1, 2])).toEqual([-1, 3]);
  expect(extent([])).toEqual([0, 1]);
});
