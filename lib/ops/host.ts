// Numbers that the host computes for a step: now, or again at each run of a recorded step.
import { allocate, type DType } from "../dtype.ts";
import type { Tensor } from "../tensor.ts";
import { run } from "./dispatch.ts";

/**
 * A scalar `[]` that `compute` gives: at once, or at each run of a recorded step, in the order of the calls.
 *
 * This is how a learning rate that changes from step to step gets into a graph that does not.
 */
export function hostScalar(compute: () => number, dtype: DType): Tensor {
  const draw = () => {
    const out = allocate(dtype, 1);
    out[0] = compute();
    return out;
  };
  return run([], (backend) => backend.drawn(draw, [], dtype));
}
