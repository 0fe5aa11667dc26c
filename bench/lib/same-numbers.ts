// Speeds of systems that compute different things cannot be compared: their weights are, after a few steps.
import type { System } from "../workers/interleave.ts";
import type { Check } from "../workers/serve.ts";
import { WorkerError } from "../workers/worker-process.ts";

const CHECK_STEPS = 20;
/** For systems of which one step takes seconds. */
const FEW_CHECK_STEPS = 2;
// float32 sums in another order, and Adam's division by the root of small numbers, over 20 steps. It is a part of
// the largest number where that is above 1: a gradient of a convolution sums tens of thousands of products.
const TOLERANCE = 2e-4;

/**
 * Lets every system take the same first steps, and compares with the first one.
 *
 * @returns the largest difference between weights
 * @throws {WorkerError} when some differ by more than rounding
 */
export async function requireSameNumbers(
  systems: readonly System[],
  log: (text: string) => void,
): Promise<number> {
  let largest = 0;
  for (const steps of [FEW_CHECK_STEPS, CHECK_STEPS]) {
    const checked = systems.filter(
      ({ rounds }, index) => index === 0 || (rounds === undefined) === (steps === CHECK_STEPS),
    );
    if (checked.length < 2) continue;
    let ours: Check | undefined;
    for (const { peer, variant, worker } of checked) {
      const check = await worker.ask<Check>({ checkSteps: steps });
      ours ??= check;
      const difference = differenceOf(ours.weights, check.weights);
      log(
        `${peer}, ${variant}: weights after ${steps} steps differ by ${difference.toExponential(1)}`,
      );
      if (!(difference <= TOLERANCE)) throw differenceError(peer, steps, difference);
      largest = Math.max(largest, difference);
    }
  }
  return largest;
}

const differenceError = (peer: string, steps: number, difference: number): WorkerError =>
  new WorkerError(
    `${peer}: expected weights within ${TOLERANCE} of gradlab's after ${steps} steps; they differ by ${difference}. One of the two computes another step: compare the losses.`,
  );

function differenceOf(ours: readonly number[], others: readonly number[]): number {
  if (ours.length !== others.length) return Infinity;
  const largest = (values: readonly number[]): number =>
    values.reduce((found, value) => Math.max(found, Math.abs(value)), 0);
  return largest(ours.map((value, i) => value - others[i]!)) / Math.max(1, largest(ours));
}
