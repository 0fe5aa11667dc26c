// Test inputs from an integer hash: tests/golden/golden.py computes the same numbers, bit for bit.
import { fromTypedArray, type Tensor } from "../../lib/index.ts";
import { bits, count } from "./arrays.ts";

/** float64 numbers in low..high. */
export function hashUniform(shape: readonly number[], seed: number, low = -1, high = 1): Tensor {
  const values = Float64Array.from(
    bits(count(shape), seed),
    (word) => (word / 4294967296) * (high - low) + low,
  );
  return fromTypedArray(values, shape);
}

/** int32 class indices in 0..numClasses-1, `[length]`. */
export function hashClasses(length: number, seed: number, numClasses: number): Tensor {
  return fromTypedArray(
    Int32Array.from(bits(length, seed), (word) => word % numClasses),
    [length],
  );
}
