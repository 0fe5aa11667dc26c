// Adam: every weight gets a step size of its own, from running means of its gradient and of the square.
import { checkNumbers } from "../check.ts";
import type { Parameter } from "../layers/layer.ts";
import { add, div, mul, sub } from "../ops/arithmetic.ts";
import { sqrt } from "../ops/elementwise.ts";
import type { Tensor } from "../tensor.ts";
import { Optimizer, type StepOfGroup, type UpdateRule } from "./optimizer.ts";
import type { Schedule } from "./schedules.ts";
import { type OptimizerState, StatePerParameter } from "./state.ts";

/** Settings of Adam. */
export interface AdamOptions {
  /** The paper's alpha: usually 0.001, or a schedule. */
  readonly learningRate?: number | Schedule;
  /** The paper's beta1: how much of the running mean of the gradient stays. */
  readonly beta1?: number;
  /** The paper's beta2: how much of the running mean of its square stays. */
  readonly beta2?: number;
  /** Keeps the quotient finite where gradients are 0. */
  readonly epsilon?: number;
  /** Factor of the L2 penalty's gradient, added to the loss's; 0.01 is usual for AdamW. */
  readonly weightDecay?: number;
}

/**
 * Adam.
 *
 * g = gradient + weightDecay * w;
 * m = beta1 * m + (1 - beta1) * g;  v = beta2 * v + (1 - beta2) * g²;
 * w = w - learningRate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 *
 * Symbols: w weights, g gradient, m and v running means of g and g², t number of the step from 1.
 * The code keeps M = m / (1 - beta1) and V = v / (1 - beta2), which saves two products a step, and moves
 * the constants out of the quotient: with q = sqrt((1 - beta2) / (1 - beta2^t)),
 * w = w - (learningRate * (1 - beta1) / (1 - beta1^t) / q) * M / (sqrt(V) + epsilon / q).
 *
 * @source Kingma & Ba 2015, "Adam: a method for stochastic optimization", algorithm 1
 * @differs Keras leaves epsilon outside the correction (the paper's "epsilon hat"); here, as in PyTorch, it is inside
 */
export class Adam extends Optimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  // M = m / (1 - beta1)
  readonly #first = new StatePerParameter();
  // V = v / (1 - beta2)
  readonly #second = new StatePerParameter();

  constructor(parameters: readonly Parameter[], options: AdamOptions = {}) {
    super(parameters, options.learningRate ?? 1e-3);
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
    const name = new.target.name;
    checkNumbers(name, { beta1, beta2 }, [0, 1 - Number.EPSILON]);
    checkNumbers(name, { epsilon, weightDecay }, [0, Infinity]);
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.weightDecay = weightDecay;
  }

  states(): OptimizerState[] {
    return this.parameters.flatMap((each) => [this.#first.of(each), this.#second.of(each)]);
  }

  protected rule(step: StepOfGroup): UpdateRule {
    const move = this.adaptiveRule(step);
    const { weightDecay } = this;
    return (parameter, gradient) => {
      const weight = parameter.value;
      // g = gradient + weightDecay * w
      const g = weightDecay === 0 ? gradient : add(gradient, mul(weight, weightDecay));
      return move(parameter, weight, g);
    };
  }

  /** Adam's rule: a weight moved for the gradient `g`, both of any shape, the same. */
  protected adaptiveRule({ scalar }: StepOfGroup) {
    const { beta1, beta2 } = this;
    const q = (t: number): number => Math.sqrt((1 - beta2) / (1 - beta2 ** t));
    const rate = scalar((t) => (this.learningRate * (1 - beta1)) / (1 - beta1 ** t) / q(t));
    const epsilon = scalar((t) => this.epsilon / q(t));
    return (parameter: Parameter, weight: Tensor, g: Tensor): Tensor => {
      const [first, second] = [this.#first.of(parameter), this.#second.of(parameter)];
      // M = beta1 * M + g
      first.value = add(mul(first.value, beta1), g);
      // V = beta2 * V + g²
      second.value = add(mul(second.value, beta2), mul(g, g));
      // w = w - rate * M / (sqrt(V) + epsilon / q)
      return sub(weight, div(mul(first.value, rate), add(sqrt(second.value), epsilon)));
    };
  }
}
