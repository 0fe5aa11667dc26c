// Sigmoid: squeezes any number into 0..1.
import { checkGradOutput } from "../layer-check.ts";
import { mul, sub } from "../ops/arithmetic.ts";
import { sigmoid } from "../ops/elementwise.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Layer } from "./layer.ts";

/**
 * Logistic sigmoid.
 *
 * output = 1 / (1 + exp(-input))
 *
 * @saved output, because the derivative is a function of it
 * @source Rumelhart, Hinton & Williams 1986, "Learning representations by back-propagating errors", equation 2
 */
export class Sigmoid extends Layer {
  // The derivative needs only the output: no exp in the backward pass.
  private savedOutput: Tensor | undefined;

  /** Input of any shape; the output has the same. */
  forward(input: Tensor): Tensor {
    this.savedOutput = sigmoid(input);
    return this.savedOutput;
  }

  backward(gradOutput: Tensor): Tensor {
    const output = savedByForward(this.savedOutput, this);
    checkGradOutput(this.toString(), gradOutput.shape, output.shape);
    // gradInput = gradOutput * output * (1 - output)
    return mul(gradOutput, mul(output, sub(1, output)));
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }
}
