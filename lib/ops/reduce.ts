// Several elements become one: sum, mean, largest, and where the largest is.
import type { ReduceName } from "../backends/backend.ts";
import { checkAxes, checkAxis, checkFloat, checkNumeric, kindOf } from "../check.ts";
import { ArgumentError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { run } from "./dispatch.ts";

/** Which axes vanish. */
export interface ReduceAxes {
  /** Default: all. Negative ones count from the end. */
  readonly axes?: readonly number[];
  /** Keep reduced axes with length 1, so that the result broadcasts against the input. */
  readonly keepDims?: boolean;
}

/** Sum over axes: `[batch, n]` with axes [0] gives `[n]`, without axes `[]`. */
export function sum(x: Tensor, options: ReduceAxes = {}): Tensor {
  checkNumeric("sum", x);
  return reduce("sum", x, options);
}

/** Mean over axes, floats only: `[batch, n]` with axes [0] gives `[n]`, without axes `[]`. */
export function mean(x: Tensor, options: ReduceAxes = {}): Tensor {
  checkFloat("mean", x);
  return reduce("mean", x, options);
}

/** Largest element over axes: `[batch, n]` with axes [1] gives `[batch]`. NaN where any is NaN. */
export function max(x: Tensor, options: ReduceAxes = {}): Tensor {
  checkNumeric("max", x);
  return reduce("max", x, options);
}

function reduce(name: ReduceName, x: Tensor, options: ReduceAxes): Tensor {
  if (typeof options !== "object") {
    throw new ArgumentError(
      `${name}: expects options in braces, got ${kindOf(options)}. Write ${name}(x, { axes: [0] }).`,
    );
  }
  const axes = checkAxes(name, options.axes, x.rank);
  const keepDims = options.keepDims ?? false;
  return run([x], (backend, value) => backend.reduce(name, value, { axes, keepDims }));
}

/**
 * Index of the largest element along one axis; the first of equals.
 *
 * @param x - `[batch, classes]`, or any shape
 * @returns int32 without that axis: `[batch]`
 */
export function argMax(x: Tensor, options: { readonly axis?: number } = {}): Tensor {
  checkNumeric("argMax", x);
  const axis = checkAxis("argMax", options.axis ?? -1, x.rank);
  return run([x], (backend, value) => backend.argMax(value, axis));
}
