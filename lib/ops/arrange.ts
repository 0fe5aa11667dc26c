// Moving elements without computing: reshape, transpose, slice, concat, split, pad, expand, flip.
import type { SliceRange } from "../backends/backend.ts";
import { checkAxes, checkAxis, checkList } from "../check.ts";
import { ArgumentError } from "../errors.ts";
import {
  checkConcat,
  checkExpand,
  checkPadding,
  checkPermutation,
  checkRange,
  checkRangeCount,
  checkReshape,
  checkSplit,
} from "../op-check.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { run } from "./dispatch.ts";

/** Same elements in the same order: `[2, 6]` to `[3, 4]`; one axis may be -1 and is computed. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const resolved = checkReshape(x.shape, shape);
  return run([x], (backend, value) => backend.reshape(value, resolved));
}

/**
 * Axes in another order: `[a, b, c]` with permutation [2, 0, 1] gives `[c, a, b]`.
 *
 * @param permutation - default: all axes reversed, so `[rows, columns]` gives `[columns, rows]`
 */
export function transpose(x: Tensor, permutation?: readonly number[]): Tensor {
  const reversed = x.shape.map((_, axis) => x.rank - 1 - axis);
  const resolved = checkPermutation(permutation ?? reversed, x.shape);
  return run([x], (backend, value) => backend.transpose(value, resolved));
}

/** Which part of an axis: `[start, stop]` or `[start, stop, step]`, stop not included; null takes all. */
export type Range = readonly [start: number, stop: number, step?: number] | null;

/**
 * A part of every axis: `slice(x, [[0, 10]])` takes the first ten rows of `[rows, columns]`,
 * `slice(x, [null, [-1, Infinity]])` the last column. Axes that are not named are taken whole.
 *
 * @param ranges - as in NumPy: negative numbers count from the end, a stop beyond the end is the end
 * @throws {ShapeError} when a range is empty
 */
export function slice(x: Tensor, ranges: readonly Range[]): Tensor {
  checkRangeCount(ranges.length, x.shape);
  const resolved = x.shape.map((_, axis) => checkRange(x.shape, axis, ranges[axis] ?? null));
  return sliceBy(x, resolved);
}

/** Reversed order along the named axes, default all: `[3]` of 1, 2, 3 gives 3, 2, 1. */
export function flip(x: Tensor, axes?: readonly number[]): Tensor {
  const flipped = checkAxes("flip", axes, x.rank);
  const ranges = x.shape.map((size, axis) =>
    flipped.includes(axis) ? { start: size - 1, size, step: -1 } : { start: 0, size, step: 1 },
  );
  return sliceBy(x, ranges);
}

function sliceBy(x: Tensor, ranges: readonly SliceRange[]): Tensor {
  return run([x], (backend, value) => backend.slice(value, ranges));
}

/** Parts one behind the other along `axis` (default 0): `[2, 5]` and `[3, 5]` give `[5, 5]`. */
export function concat(parts: readonly Tensor[], options: { readonly axis?: number } = {}): Tensor {
  checkList("concat", "parts", parts);
  const [first] = parts;
  if (first === undefined) {
    throw new ArgumentError(
      "concat: expects at least one tensor, got none. Pass a list of tensors.",
    );
  }
  const axis = checkAxis("concat", options.axis ?? 0, first.rank);
  checkConcat(parts, axis);
  return run(parts, (backend, ...values) => backend.concat(values, axis));
}

/**
 * Cuts an axis into pieces: `split(x, [2, 3])` cuts `[5, n]` into `[2, n]` and `[3, n]`.
 *
 * @param sizes - length of every piece; together they are the whole axis
 */
export function split(
  x: Tensor,
  sizes: readonly number[],
  options: { readonly axis?: number } = {},
): Tensor[] {
  const axis = checkAxis("split", options.axis ?? 0, x.rank);
  checkSplit(sizes, axis, x.shape);
  let start = 0;
  return sizes.map((size) => {
    const ranges = x.shape.map((whole) => ({ start: 0, size: whole, step: 1 }));
    ranges[axis] = { start, size, step: 1 };
    start += size;
    return sliceBy(x, ranges);
  });
}

/**
 * More elements around the edges: `pad(x, [[0, 0], [1, 2]])` gives `[rows, 1 + columns + 2]`.
 *
 * @param widths - per axis how many elements come before and after
 */
export function pad(
  x: Tensor,
  widths: readonly (readonly [before: number, after: number])[],
  options: { readonly value?: number } = {},
): Tensor {
  checkPadding(widths, x.shape);
  return run([x], (backend, value) => backend.pad(value, widths, options.value ?? 0));
}

/** Repeats axes of length 1 and adds axes in front: `[1, n]` to `[batch, n]`. */
export function expand(x: Tensor, shape: Shape): Tensor {
  checkExpand(x.shape, shape);
  return run([x], (backend, value) => backend.expand(value, [...shape]));
}
