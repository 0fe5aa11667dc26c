// AdamW: Adam whose weight decay acts on the weights directly instead of through the gradient.
import type { Parameter } from "../layers/layer.ts";
import { mul } from "../ops/arithmetic.ts";
import { Adam, type AdamOptions } from "./adam.ts";
import type { StepOfGroup, UpdateRule } from "./optimizer.ts";

/**
 * AdamW: Adam with decoupled weight decay.
 *
 * w = w - learningRate * weightDecay * w, then Adam's step with the loss's gradient alone
 *
 * In `Adam` the penalty's gradient is divided by the running root mean square like all else, so that
 * weights with large gradients decay less; here all decay alike. `weightDecay` is 0.01 unless given.
 *
 * @source Loshchilov & Hutter 2019, "Decoupled weight decay regularization", algorithm 2
 * @differs the paper decays by a schedule factor without the learning rate; here, as in PyTorch, by
 *   learningRate * weightDecay
 */
export class AdamW extends Adam {
  constructor(parameters: readonly Parameter[], options: AdamOptions = {}) {
    super(parameters, { weightDecay: 0.01, ...options });
  }

  protected override rule(step: StepOfGroup): UpdateRule {
    const move = this.adaptiveRule(step);
    const kept = step.scalar(() => 1 - this.learningRate * this.weightDecay);
    // w = (1 - learningRate * weightDecay) * w, then Adam's step
    return (parameter, gradient) => move(parameter, mul(parameter.value, kept), gradient);
  }
}
