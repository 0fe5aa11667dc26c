// What an optimizer carries from step to step: one tensor for each parameter.
import type { Parameter } from "../layers/layer.ts";
import { zeros } from "../ops/creation.ts";
import type { Tensor } from "../tensor.ts";

/** A tensor that an optimizer carries from step to step, such as a velocity. */
export interface OptimizerState {
  value: Tensor;
  /** What states that a step changes in the same way, such as all velocities, have in common. */
  readonly kind?: object;
}

/** One tensor for each parameter, of its shape and element type; zeros until a step writes it. */
export class StatePerParameter {
  readonly #states = new Map<Parameter, OptimizerState>();

  /** The state of one parameter. */
  of(parameter: Parameter): OptimizerState {
    const known = this.#states.get(parameter);
    if (known) return known;
    const { shape, dtype } = parameter.value;
    const state = { value: zeros(shape, { dtype }), kind: this };
    this.#states.set(parameter, state);
    return state;
  }
}
