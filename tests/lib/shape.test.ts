// Shape arithmetic: sizes, strides, broadcasting, reduction.
import { describe, expect, test } from "vitest";
import {
  broadcastShapes,
  broadcastStrides,
  reducedShape,
  sameShape,
  shapeText,
  sizeOf,
  stridesOf,
} from "../../lib/shape.ts";

test("the size is the product of the axes, and 1 for a scalar", () => {
  expect([sizeOf([2, 3, 4]), sizeOf([]), sizeOf([1])]).toEqual([24, 1, 1]);
});

test("strides count the elements that one step along an axis skips", () => {
  expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
  expect(stridesOf([])).toEqual([]);
});

test("shapes are the same when all axes are", () => {
  expect(sameShape([2, 3], [2, 3])).toBe(true);
  expect(sameShape([2, 3], [2, 3, 1])).toBe(false);
  expect(sameShape([2, 3], [3, 2])).toBe(false);
});

test("messages write shapes with brackets", () => {
  expect([shapeText([2, 3]), shapeText([])]).toEqual(["[2, 3]", "[]"]);
});

describe("broadcasting", () => {
  test.each([
    [[2, 3], [3], [2, 3]],
    [[3], [2, 1], [2, 3]],
    [[], [4], [4]],
    [
      [5, 1, 4],
      [1, 3, 1],
      [5, 3, 4],
    ],
  ])("%j and %j give %j, in either order", (a, b, expected) => {
    expect(broadcastShapes(a, b)).toEqual(expected);
    expect(broadcastShapes(b, a)).toEqual(expected);
  });

  test.each([
    [[2, 3], [2]],
    [
      [2, 3],
      [3, 3],
    ],
  ])("%j and %j do not fit", (a, b) => {
    expect(broadcastShapes(a, b)).toBeUndefined();
  });

  test("a repeated axis has stride 0", () => {
    expect(broadcastStrides([3, 1], [2, 3, 4])).toEqual([0, 1, 0]);
    expect(broadcastStrides([3, 4], [3, 4])).toEqual([4, 1]);
  });
});

test("a reduced axis vanishes or becomes 1", () => {
  expect(reducedShape([2, 3, 4], [1], false)).toEqual([2, 4]);
  expect(reducedShape([2, 3, 4], [0, 2], true)).toEqual([1, 3, 1]);
});
