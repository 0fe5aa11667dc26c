// Numbers that the host computes for a step: now, or again at each run of a recorded step.
import type { DType, TypedArray } from "../dtype.ts";
import type { Tensor } from "../tensor.ts";
import { run } from "./dispatch.ts";

/**
 * A scalar `[]` that `compute` gives: at once, or at each run of a recorded step, in the order of the calls.
 *
 * This is how a learning rate that changes from step to step gets into a graph that does not.
 */
export function hostScalar(compute: () => number, dtype: DType): Tensor {
  const draw = (out: TypedArray): void => void (out[0] = compute());
  return run([], (backend) => backend.drawn(draw, [], { dtype }));
}
