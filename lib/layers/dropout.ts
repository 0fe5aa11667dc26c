// Dropout: while training, a random part of the numbers is set to 0, so that no unit can rely on another.
import { kindOf, checkOptions } from "../check.ts";
import { ArgumentError } from "../errors.ts";
import { checkGradOutput } from "../layer-check.ts";
import { mul } from "../ops/arithmetic.ts";
import { less } from "../ops/comparison.ts";
import { cast } from "../ops/convert.ts";
import { randomUniform } from "../ops/random.ts";
import type { Generator } from "../random.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Layer } from "./layer.ts";

/** Settings of dropout. */
export interface DropoutOptions {
  /** Probability that a number is dropped, from 0 to below 1. */
  readonly rate: number;
  /** Source of chance for the masks. */
  readonly random: Generator;
}

/**
 * Dropout.
 *
 * training: output = input * mask / (1 - rate), where mask is 1 with probability 1 - rate, else 0;
 * evaluation: output = input
 *
 * Dividing while training keeps the expected output equal to the input, so evaluation needs no factor.
 *
 * @saved the mask with its factor, because the gradient passes where the input passed
 * @source Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting", sections 4 and 10
 * @differs the paper multiplies the weights by 1 - rate at test time; PyTorch and Keras divide while training, as here
 */
export class Dropout extends Layer {
  readonly rate: number;
  readonly random: Generator;
  // 0 or 1 / (1 - rate) for each input; the number 1 when the last forward dropped nothing.
  private savedMask: Tensor | 1 | undefined;
  private savedShape: Shape | undefined;

  /** @throws {ArgumentError} when rate is below 0, or 1 and above */
  constructor(options: DropoutOptions) {
    super();
    checkOptions("Dropout", options, "rate: 0.5, random");
    const { rate, random } = options;
    if (!(Number.isFinite(rate) && rate >= 0 && rate < 1)) {
      throw new ArgumentError(
        `Dropout: rate is the probability of dropping a number, at least 0 and below 1; got ${kindOf(rate)}. Use 0.5 to drop half of them.`,
      );
    }
    this.rate = rate;
    this.random = random;
  }

  /** Input of any shape; the output has the same. */
  forward(input: Tensor): Tensor {
    this.savedShape = input.shape;
    this.savedMask = this.training ? this.drawMask(input) : 1;
    return this.savedMask === 1 ? input : mul(input, this.savedMask);
  }

  backward(gradOutput: Tensor): Tensor {
    const mask = savedByForward(this.savedMask, this);
    checkGradOutput(this.toString(), gradOutput.shape, savedByForward(this.savedShape, this));
    // gradInput = gradOutput * mask / (1 - rate)
    return mask === 1 ? gradOutput : mul(gradOutput, mask);
  }

  private drawMask(input: Tensor): Tensor {
    const keep = 1 - this.rate;
    const isKept = less(randomUniform(this.random, input.shape), keep);
    return mul(cast(isKept, input.dtype), 1 / keep);
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }

  override toString(): string {
    return `Dropout(${this.rate})`;
  }
}
