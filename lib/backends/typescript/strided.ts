// How broadcasting and moving loops walk memory: strides per axis, merged into long inner runs.
import type { TypedArray } from "../../dtype.ts";
import type { Shape } from "../../shape.ts";

/** One straight walk through memory: `length` elements; operand `i` starts at `at[i]` and moves by `steps[i]`. */
export interface Run {
  readonly length: number;
  readonly at: number[];
  readonly steps: readonly number[];
}

interface Axis {
  readonly length: number;
  readonly steps: readonly number[];
}

/**
 * Visits every index of `shape` as a sequence of runs, in row-major order.
 *
 * Axes of length 1 are dropped and neighbours that every operand walks evenly are merged, so equal
 * shapes become one single run. The same `Run` object is reused: visitors read it and let go.
 *
 * @param strides - per operand one stride per axis; 0 repeats, a negative one walks backwards
 * @param starts - per operand the position of its first element
 */
export function forEachRun(
  shape: Shape,
  strides: readonly (readonly number[])[],
  starts: readonly number[],
  visit: (run: Run) => void,
): void {
  const axes = mergeAxes(shape, strides);
  const inner = axes.pop() ?? { length: 1, steps: strides.map(() => 0) };
  const run: Run = { length: inner.length, at: [...starts], steps: inner.steps };
  walkAxes(axes, 0, run, visit);
}

function walkAxes(axes: readonly Axis[], depth: number, run: Run, visit: (run: Run) => void): void {
  const axis = axes[depth];
  if (axis === undefined) {
    visit(run);
    return;
  }
  for (let i = 0; i < axis.length; i++) {
    walkAxes(axes, depth + 1, run, visit);
    for (let k = 0; k < run.at.length; k++) run.at[k]! += axis.steps[k]!;
  }
  for (let k = 0; k < run.at.length; k++) run.at[k]! -= axis.steps[k]! * axis.length;
}

function mergeAxes(shape: Shape, strides: readonly (readonly number[])[]): Axis[] {
  const axes: Axis[] = [];
  for (const [index, length] of shape.entries()) {
    if (length === 1) continue;
    const steps = strides.map((own) => own[index]!);
    const outer = axes.at(-1);
    // A step of the outer axis equals a full turn of this one, for every operand: they are one axis.
    if (outer?.steps.every((step, k) => step === steps[k]! * length)) {
      axes[axes.length - 1] = { length: outer.length * length, steps };
    } else {
      axes.push({ length, steps });
    }
  }
  return axes;
}

/** From this length on, copying a block of memory beats a loop. */
const BLOCK = 32;

/** Copies along the runs of two operands: operand 0 is written, operand 1 is read. */
export function copyRun(out: TypedArray, source: TypedArray, run: Run): void {
  const [outStep = 0, step = 0] = run.steps;
  let [o = 0, i = 0] = run.at;
  if (outStep === 1 && step === 1 && run.length >= BLOCK) {
    out.set(source.subarray(i, i + run.length), o);
    return;
  }
  for (let k = 0; k < run.length; k++) {
    out[o] = source[i]!;
    o += outStep;
    i += step;
  }
}
