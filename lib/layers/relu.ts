// ReLU: negative numbers become 0, the others pass.
import { checkGradOutput } from "../layer-check.ts";
import { mul } from "../ops/arithmetic.ts";
import { relu, reluMask } from "../ops/elementwise.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Layer } from "./layer.ts";

/**
 * Rectified linear unit.
 *
 * output = max(input, 0)
 *
 * The function has no derivative at 0; there the gradient is 0.
 *
 * @saved output, because it is positive exactly where the input was, and the next layer keeps it anyway
 * @source Nair & Hinton 2010, "Rectified linear units improve restricted Boltzmann machines", section 3
 */
export class ReLU extends Layer {
  // Where it is positive the input passed unchanged, and so does the gradient.
  private savedOutput: Tensor | undefined;

  /** Input of any shape; the output has the same. */
  forward(input: Tensor): Tensor {
    this.savedOutput = relu(input);
    return this.savedOutput;
  }

  backward(gradOutput: Tensor): Tensor {
    const output = savedByForward(this.savedOutput, this);
    checkGradOutput(this.toString(), gradOutput.shape, output.shape);
    // gradInput = gradOutput where output > 0, else 0
    return mul(gradOutput, reluMask(output));
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }
}
