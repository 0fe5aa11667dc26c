// Leaky ReLU: negative numbers shrink instead of vanishing, so that no unit stops learning.
import { checkNumbers } from "../check.ts";
import { checkGradOutput } from "../layer-check.ts";
import { mul } from "../ops/arithmetic.ts";
import { greater, where } from "../ops/comparison.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Layer } from "./layer.ts";

/**
 * Leaky rectified linear unit.
 *
 * output = input where input > 0, else negativeSlope * input
 *
 * The function has no derivative at 0; there the gradient is that of the left side.
 *
 * @saved whether each input was positive, because that selects the slope
 * @source Maas, Hannun & Ng 2013, "Rectifier nonlinearities improve neural network acoustic models", section 2
 */
export class LeakyReLU extends Layer {
  /** Slope left of 0. */
  readonly negativeSlope: number;
  // A bool for each input: the side of the bend on which it lay.
  private savedIsPositive: Tensor | undefined;

  /** @throws {ArgumentError} when the slope is no number; 0.01 is usual */
  constructor({ negativeSlope = 0.01 }: { readonly negativeSlope?: number } = {}) {
    super();
    checkNumbers("LeakyReLU", { negativeSlope }, [-Infinity, Infinity]);
    this.negativeSlope = negativeSlope;
  }

  /** Input of any shape; the output has the same. */
  forward(input: Tensor): Tensor {
    this.savedIsPositive = greater(input, 0);
    return where(this.savedIsPositive, input, mul(input, this.negativeSlope));
  }

  backward(gradOutput: Tensor): Tensor {
    const isPositive = savedByForward(this.savedIsPositive, this);
    checkGradOutput(this.toString(), gradOutput.shape, isPositive.shape);
    // gradInput = gradOutput where input > 0, else negativeSlope * gradOutput
    return where(isPositive, gradOutput, mul(gradOutput, this.negativeSlope));
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }

  override toString(): string {
    return `LeakyReLU(${this.negativeSlope})`;
  }
}
