// Tanh: squeezes any number into -1..1, with 0 staying 0.
import { checkGradOutput } from "../layer-check.ts";
import { mul, sub } from "../ops/arithmetic.ts";
import { tanh } from "../ops/elementwise.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Layer } from "./layer.ts";

/**
 * Hyperbolic tangent.
 *
 * output = (exp(input) - exp(-input)) / (exp(input) + exp(-input))
 *
 * @saved output, because the derivative is a function of it
 * @source LeCun, Bottou, Orr & Müller 1998, "Efficient BackProp", section 4.4
 */
export class Tanh extends Layer {
  // The derivative needs only the output: no exp in the backward pass.
  private savedOutput: Tensor | undefined;

  /** Input of any shape; the output has the same. */
  forward(input: Tensor): Tensor {
    this.savedOutput = tanh(input);
    return this.savedOutput;
  }

  backward(gradOutput: Tensor): Tensor {
    const output = savedByForward(this.savedOutput, this);
    checkGradOutput(this.toString(), gradOutput.shape, output.shape);
    // gradInput = gradOutput * (1 - output²)
    return mul(gradOutput, sub(1, mul(output, output)));
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }
}
