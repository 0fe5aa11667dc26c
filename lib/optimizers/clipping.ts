// Gradient clipping: a batch that is out of the ordinary must not throw the weights far away.
import { kindOf } from "../check.ts";
import { ArgumentError } from "../errors.ts";
import type { Parameter } from "../layers/layer.ts";
import { add, div, maximum, minimum, mul } from "../ops/arithmetic.ts";
import { cast } from "../ops/convert.ts";
import { sqrt } from "../ops/elementwise.ts";
import { sum } from "../ops/reduce.ts";
import type { Tensor } from "../tensor.ts";
import { withGradient } from "./gradients.ts";

/** Keeps the quotient finite where all gradients are 0. */
const TINY = 1e-6;

/**
 * Shortens the gradients of all parameters together, so that their common length is at most `maxNorm`.
 *
 * norm = sqrt(sum over all parameters of gradient²);
 * gradient = gradient * min(1, maxNorm / (norm + 1e-6))
 *
 * The direction stays. Call it between `backward` and `optimizer.step()`.
 *
 * @returns the norm before clipping, `[]`
 * @throws {ArgumentError} when no parameter has a gradient, or maxNorm is not a positive number
 * @source Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks", algorithm 1
 */
export function clipByNorm(parameters: readonly Parameter[], maxNorm: number): Tensor {
  checkLimit("clipByNorm", "maxNorm", maxNorm);
  const ready = readyFor("clipByNorm", parameters);
  const squares = ready.map(({ gradient }) => sum(mul(gradient!, gradient!)));
  // norm = sqrt(sum of gradient²)
  const norm = sqrt(squares.reduce((total, square) => add(total, cast(square, total.dtype)))); // []
  const factor = minimum(1, div(maxNorm, add(norm, TINY)));
  for (const parameter of ready) {
    const gradient = parameter.gradient!;
    parameter.gradient = mul(gradient, cast(factor, gradient.dtype));
  }
  return norm;
}

/**
 * Brings every number of the gradients into -limit..limit.
 *
 * gradient = max(-limit, min(limit, gradient))
 *
 * The direction changes: large components shrink, small ones stay.
 *
 * @throws {ArgumentError} when no parameter has a gradient, or the limit is not a positive number
 * @source Mikolov 2012, "Statistical language models based on neural networks", section 3.2.2
 */
export function clipByValue(parameters: readonly Parameter[], limit: number): void {
  checkLimit("clipByValue", "limit", limit);
  for (const parameter of readyFor("clipByValue", parameters)) {
    parameter.gradient = maximum(-limit, minimum(limit, parameter.gradient!));
  }
}

function readyFor(name: string, parameters: readonly Parameter[]): Parameter[] {
  const ready = withGradient(parameters);
  if (ready.length > 0) return ready;
  throw new ArgumentError(
    `${name}: expects gradients; no parameter has one. Call it after model.backward(...) and before optimizer.step().`,
  );
}

function checkLimit(name: string, argument: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new ArgumentError(
    `${name}: ${argument} must be a positive number, got ${kindOf(value)}. 1 is usual; leave the call out to clip nothing.`,
  );
}
