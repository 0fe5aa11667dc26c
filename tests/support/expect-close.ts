// Comparing a tensor with expected numbers: same shape, and every element within a tolerance.
import { expect } from "vitest";
import type { Tensor } from "../../lib/index.ts";
import type { Plain } from "./arrays.ts";

/** Largest accepted |actual - expected| / max(1, |expected|). */
export const TOLERANCE = {
  /** The same arithmetic in the same order. */
  exact: 0,
  /** One rounding to float32 is 6e-8; a few of them. */
  float32: 5e-7,
  /** Functions of the engine and of another program may differ in their last bits. */
  float64: 1e-14,
} as const;

/** Fails with the first element that differs, its index and both values. NaN and infinities must agree. */
export function expectClose(actual: Tensor, expected: Plain, tolerance: number): void {
  expect(actual.shape).toEqual(expected.shape);
  const values = actual.toTypedArray();
  for (let i = 0; i < values.length; i++) {
    const [got, wanted] = [values[i]!, expected.data[i]!];
    if (Object.is(got, wanted) || got === wanted) continue;
    const error = Math.abs(got - wanted) / Math.max(1, Math.abs(wanted));
    if (error <= tolerance) continue;
    expect.fail(`element ${i} is ${got}, expected ${wanted}, tolerance ${tolerance}`);
  }
}
