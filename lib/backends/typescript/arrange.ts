// Moving elements without computing: each op is one copy between two walks through memory.
import { broadcastStrides, stridesOf, type Shape } from "../../shape.ts";
import type { SliceRange } from "../backend.ts";
import { emptyArray, type HostArray } from "../host-array.ts";
import { copyRun, forEachRun } from "./strided.ts";

/** Same elements in the same order; the numbers are shared, because nobody writes to them. */
export function reshape(x: HostArray, shape: Shape): HostArray {
  return { ...x, shape };
}

/** Axis `i` of the result is axis `permutation[i]` of `x`. */
export function transpose(x: HostArray, permutation: readonly number[]): HostArray {
  const strides = stridesOf(x.shape);
  const shape = permutation.map((axis) => x.shape[axis]!);
  return readWith(x, { shape, strides: permutation.map((axis) => strides[axis]!), start: 0 });
}

/** One range for every axis. */
export function slice(x: HostArray, ranges: readonly SliceRange[]): HostArray {
  const strides = stridesOf(x.shape);
  const start = ranges.reduce((at, range, axis) => at + range.start * strides[axis]!, 0);
  return readWith(x, {
    shape: ranges.map(({ size }) => size),
    strides: ranges.map(({ step }, axis) => step * strides[axis]!),
    start,
  });
}

/** Repeats axes of length 1, and adds axes in front. */
export function expand(x: HostArray, shape: Shape): HostArray {
  return readWith(x, { shape, strides: broadcastStrides(x.shape, shape), start: 0 });
}

/** Arrays that agree in all axes but `axis`, one behind the other. */
export function concat(parts: readonly HostArray[], axis: number): HostArray {
  const first = parts[0]!;
  const length = parts.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  const out = emptyArray(first.shape.with(axis, length), first.dtype);
  const strides = stridesOf(out.shape);
  let before = 0;
  for (const part of parts) {
    writeAt(out, part, before * strides[axis]!);
    before += part.shape[axis]!;
  }
  return out;
}

/** `[before, after]` elements of `value` around every axis. */
export function pad(
  x: HostArray,
  widths: readonly (readonly [number, number])[],
  value: number,
): HostArray {
  const shape = x.shape.map((length, axis) => length + widths[axis]![0] + widths[axis]![1]);
  const out = emptyArray(shape, x.dtype);
  if (value !== 0) out.data.fill(value);
  const strides = stridesOf(shape);
  writeAt(
    out,
    x,
    widths.reduce((at, [before], axis) => at + before * strides[axis]!, 0),
  );
  return out;
}

interface View {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly start: number;
}

// A fresh array with the elements that a view of `x` shows.
function readWith(x: HostArray, { shape, strides, start }: View): HostArray {
  const out = emptyArray(shape, x.dtype);
  forEachRun(shape, [stridesOf(shape), strides], [0, start], (run) => {
    copyRun(out.data, x.data, run);
  });
  return out;
}

// Writes the whole of `x` into a larger array of the same rank, its first element at position `start`.
function writeAt(out: HostArray, x: HostArray, start: number): void {
  forEachRun(x.shape, [stridesOf(out.shape), stridesOf(x.shape)], [start, 0], (run) => {
    copyRun(out.data, x.data, run);
  });
}
