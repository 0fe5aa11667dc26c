// Mean and variance over axes, and numbers brought to mean 0 and variance 1 with them.
import { checkAxes, checkFloat } from "../check.ts";
import { ArgumentError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { sqrt } from "./elementwise.ts";
import { mean } from "./reduce.ts";

/** Mean and variance of the same elements, with the reduced axes kept at length 1. */
export interface Statistics {
  readonly mean: Tensor;
  /** Mean of the squared distances: divided by their number n, not by n - 1. */
  readonly variance: Tensor;
}

/** How `normalise` brings numbers to mean 0 and variance 1. */
export interface NormaliseOptions extends Statistics {
  /** Keeps the division finite where the variance is 0. Default 1e-5. */
  readonly epsilon?: number;
}

/**
 * Mean and variance over axes: `[batch, features]` with axes [0] gives `[1, features]`.
 *
 * variance = mean of (x - mean(x))², in two passes, so that a large mean costs no digits
 *
 * @param options.axes - [0] or [0, 2, 3] for one pair per feature or channel, [-1] for one per example
 */
export function batchStatistics(
  x: Tensor,
  options: { readonly axes: readonly number[] },
): Statistics {
  checkFloat("batchStatistics", x);
  const axes = checkAxes("batchStatistics", options.axes, x.rank);
  const middle = mean(x, { axes, keepDims: true });
  const distance = sub(x, middle);
  return { mean: middle, variance: mean(mul(distance, distance), { axes, keepDims: true }) };
}

/**
 * output = (x - mean) / sqrt(variance + epsilon); `[batch, features]` in and out.
 *
 * @throws {ArgumentError} when epsilon is not a finite number from 0 on
 */
export function normalise(x: Tensor, options: NormaliseOptions): Tensor {
  checkFloat("normalise", x);
  const { mean: middle, variance, epsilon = 1e-5 } = options;
  if (!(epsilon >= 0 && Number.isFinite(epsilon))) {
    throw new ArgumentError(
      `normalise: epsilon must be a finite number from 0 on, got ${epsilon}. Leave it out for 1e-5.`,
    );
  }
  return div(sub(x, middle), sqrt(add(variance, epsilon)));
}
