// Stochastic gradient descent: a step against the gradient, with or without momentum.
import { checkNumbers } from "../check.ts";
import { ArgumentError } from "../errors.ts";
import type { Parameter } from "../layers/layer.ts";
import { add, mul, sub } from "../ops/arithmetic.ts";
import type { Operand } from "../ops/dispatch.ts";
import type { Tensor } from "../tensor.ts";
import { Optimizer, type StepOfGroup, type UpdateRule } from "./optimizer.ts";
import type { Schedule } from "./schedules.ts";
import { type OptimizerState, StatePerParameter } from "./state.ts";

/** Settings of gradient descent. */
export interface SgdOptions {
  /** The paper's epsilon: usually 0.01 to 0.1, or a schedule. */
  readonly learningRate: number | Schedule;
  /** The paper's mu: how much of the last step goes on, usually 0.9. */
  readonly momentum?: number;
  /** Part of the gradient that does not enter the momentum. */
  readonly dampening?: number;
  /** Whether the gradient is taken as if the momentum had already moved the weights. */
  readonly nesterov?: boolean;
  /** Factor of the L2 penalty's gradient, added to the loss's. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent.
 *
 * g = gradient + weightDecay * w;
 * v = momentum * v + (1 - dampening) * g, in the first step v = g;
 * w = w - learningRate * v, or with Nesterov w - learningRate * (g + momentum * v)
 *
 * Symbols: w weights, g gradient, v velocity.
 *
 * @source Sutskever, Martens, Dahl & Hinton 2013, "On the importance of initialization and momentum in deep learning", section 2
 * @differs the paper (and Keras) keeps the learning rate inside the velocity: v = mu * v - epsilon * g. Here, as in
 *   PyTorch, it stands outside, which is the same until the learning rate changes
 */
export class SGD extends Optimizer {
  readonly momentum: number;
  readonly dampening: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
  readonly #velocities = new StatePerParameter();

  constructor(parameters: readonly Parameter[], options: SgdOptions) {
    super(parameters, options.learningRate);
    const { momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = options;
    checkNumbers("SGD", { momentum, dampening }, [0, 1]);
    checkNumbers("SGD", { weightDecay }, [0, Infinity]);
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new ArgumentError(
        `SGD: nesterov needs a momentum above 0 and no dampening; got momentum ${momentum} and dampening ${dampening}. Pass for example { momentum: 0.9, nesterov: true }.`,
      );
    }
    this.momentum = momentum;
    this.dampening = dampening;
    this.nesterov = nesterov;
    this.weightDecay = weightDecay;
  }

  states(): OptimizerState[] {
    return this.momentum === 0 ? [] : this.parameters.map((each) => this.#velocities.of(each));
  }

  protected rule({ learningRate, scalar }: StepOfGroup): UpdateRule {
    const { weightDecay } = this;
    // In the first step v = g, whatever the dampening.
    const share = this.dampening === 0 ? 1 : scalar((t) => (t === 1 ? 1 : 1 - this.dampening));
    return (parameter, gradient) => {
      const weight = parameter.value;
      // g = gradient + weightDecay * w
      const g = weightDecay === 0 ? gradient : add(gradient, mul(weight, weightDecay));
      // w = w - learningRate * direction
      return sub(weight, mul(this.direction(parameter, g, share), learningRate));
    };
  }

  private direction(parameter: Parameter, g: Tensor, share: Operand): Tensor {
    if (this.momentum === 0) return g;
    const velocity = this.#velocities.of(parameter);
    // v = momentum * v + (1 - dampening) * g
    velocity.value = add(mul(velocity.value, this.momentum), share === 1 ? g : mul(g, share));
    return this.nesterov ? add(g, mul(velocity.value, this.momentum)) : velocity.value;
  }
}
