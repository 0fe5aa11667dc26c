// Same numbers, other role: another element type, no gradient, or a constant of a recorded step.
import { checkDType } from "../check.ts";
import type { DType } from "../dtype.ts";
import type { Tensor } from "../tensor.ts";
import { run } from "./dispatch.ts";

/**
 * Another element type, any shape: fractions are cut towards zero, every number but 0 is true, and what int32 does not
 * hold (NaN, infinities, numbers of 2^31 and more on either side) becomes its least number, -2147483648.
 *
 * @differs C, and so NumPy and PyTorch, leave such numbers to the processor: ARM's give the nearest int32, and 0 for NaN
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  checkDType("cast", dtype);
  if (x.dtype === dtype) return x;
  return run([x], (backend, value) => backend.cast(value, dtype));
}

/** The same tensor of any shape, through which automatic differentiation sends no gradient. */
export function stopGradient(x: Tensor): Tensor {
  return x;
}

/** The same tensor of any shape, marked as one that never changes: a recorded step keeps it inside its graph. */
export function constant(x: Tensor): Tensor {
  return run([x], (backend, value) => backend.constant(value));
}
