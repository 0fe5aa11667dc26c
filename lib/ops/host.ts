// Numbers that differ from step to step, as scalars that every step computes anew.
import type { DType, TypedArray } from "../dtype.ts";
import type { Tensor } from "../tensor.ts";
import { run } from "./dispatch.ts";

/**
 * A scalar `[]` that `compute` gives in each step anew, in the order of these calls.
 *
 * Eagerly that is now. A recorded step runs many times after its code ran once: there `compute` is called in each run,
 * which is how a learning rate that changes gets into a graph that does not.
 */
export function eachStep(compute: () => number, dtype: DType): Tensor {
  const draw = (out: TypedArray): void => void (out[0] = compute());
  return run([], (backend) => backend.drawn(draw, [], { dtype }));
}
