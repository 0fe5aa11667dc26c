// Several numbers become one: sums, means, maxima, and where the maximum is. Sums run in float64.
import { reducedShape, sizeOf, stridesOf } from "../../shape.ts";
import type { ReduceName, ReduceOptions } from "../backend.ts";
import { emptyArray, type HostArray } from "../host-array.ts";
import { forEachRun, type Run } from "./strided.ts";

type ReduceLoop = (results: Float64Array, x: HostArray["data"], run: Run) => void;

/** Reduced axes vanish, or stay with length 1. */
export function reduce(
  name: ReduceName,
  x: HostArray,
  { axes, keepDims }: ReduceOptions,
): HostArray {
  const out = emptyArray(reducedShape(x.shape, axes, keepDims), x.dtype);
  const results = new Float64Array(out.data.length);
  if (name === "max") results.fill(-Infinity);
  // Walking along a reduced axis stays on the same result: its stride is 0.
  const kept = stridesOf(reducedShape(x.shape, axes, true));
  const resultStrides = kept.map((step, axis) => (axes.includes(axis) ? 0 : step));
  const loop = name === "max" ? maxAlong : sumAlong;
  forEachRun(x.shape, [resultStrides, stridesOf(x.shape)], [0, 0], (run) => {
    loop(results, x.data, run);
  });
  const terms = name === "mean" ? sizeOf(axes.map((axis) => x.shape[axis]!)) : 1;
  for (let o = 0; o < results.length; o++) out.data[o] = results[o]! / terms;
  return out;
}

const sumAlong: ReduceLoop = (results, x, { length, at, steps }) => {
  const [o, i] = at as [number, number];
  if (steps[0] === 0) {
    results[o]! += sumOf(x, i, i + length);
  } else {
    for (let k = 0; k < length; k++) results[o + k]! += x[i + k]!;
  }
};

// Two sums side by side: in a single one every addition waits for the one before, which takes half as long again.
function sumOf(x: HostArray["data"], from: number, to: number): number {
  let even = 0;
  let odd = 0;
  let k = from;
  for (const last = to - 1; k < last; k += 2) {
    even += x[k]!;
    odd += x[k + 1]!;
  }
  return k < to ? even + odd + x[k]! : even + odd;
}

// Math.max lets NaN through, so a broken number stays visible.
const maxAlong: ReduceLoop = (results, x, { length, at, steps }) => {
  let [o, i] = at as [number, number];
  for (const end = i + length; i < end; i++, o += steps[0]!) {
    results[o] = Math.max(results[o]!, x[i]!);
  }
};

/** `[..., n, ...] -> [..., ...]`: index of the largest element; the first of equals, and NaN counts as largest. */
export function argMax(x: HostArray, axis: number): HostArray {
  const out = emptyArray(reducedShape(x.shape, [axis], false), "int32");
  const inner = stridesOf(x.shape)[axis]!;
  const length = x.shape[axis]!;
  for (let o = 0; o < out.data.length; o++) {
    const start = Math.floor(o / inner) * inner * length + (o % inner);
    let best = 0;
    for (let k = 1; k < length; k++) {
      const largest = x.data[start + best * inner]!;
      const candidate = x.data[start + k * inner]!;
      if (candidate > largest || (Number.isNaN(candidate) && !Number.isNaN(largest))) best = k;
    }
    out.data[o] = best;
  }
  return out;
}
