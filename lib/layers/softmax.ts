// Softmax: turns the numbers of the last axis into probabilities that add up to 1.
import { checkGradOutput } from "../layer-check.ts";
import { mul, sub } from "../ops/arithmetic.ts";
import { sum } from "../ops/reduce.ts";
import { softmax } from "../ops/softmax.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Layer } from "./layer.ts";

/**
 * Softmax over the last axis.
 *
 * output[b, k] = exp(input[b, k]) / sum over j of exp(input[b, j])
 *
 * For training a classifier leave it out: `CrossEntropyLoss` takes logits, and stays exact where
 * probabilities round to 0.
 *
 * @saved output, because the derivative is a function of it
 * @source Bridle 1990, "Probabilistic interpretation of feedforward classification network outputs", section 3
 */
export class Softmax extends Layer {
  // The derivative needs only the probabilities.
  private savedOutput: Tensor | undefined;

  /** Input `[..., classes]`; the output has the same shape. */
  forward(input: Tensor): Tensor {
    this.savedOutput = softmax(input);
    return this.savedOutput;
  }

  backward(gradOutput: Tensor): Tensor {
    const output = savedByForward(this.savedOutput, this);
    checkGradOutput(this.toString(), gradOutput.shape, output.shape);
    // Raising one input lowers all other outputs, hence a sum over the outputs j.
    const mean = sum(mul(gradOutput, output), { axes: [-1], keepDims: true }); // [..., 1]
    // gradInput[b, k] = output[b, k] * (gradOutput[b, k] - sum over j of gradOutput[b, j] * output[b, j])
    return mul(output, sub(gradOutput, mean));
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }
}
