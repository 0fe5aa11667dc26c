// Flatten: each example becomes one row of numbers, for a linear layer.
import { checkGradOutput } from "../layer-check.ts";
import { reshape } from "../ops/arrange.ts";
import { savedByForward } from "../saved.ts";
import { sizeOf, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Layer } from "./layer.ts";

/**
 * Joins all axes but the first.
 *
 * output[b, i] = the i-th number of example b, last axis fastest
 *
 * @saved the input's shape, because the gradient takes it again
 * @source LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to document recognition", section II.B
 */
export class Flatten extends Layer {
  // The gradient's numbers stay in order; only the shape comes back.
  private savedShape: Shape | undefined;

  /** Input `[batch, ...]`, output `[batch, features]`. */
  forward(input: Tensor): Tensor {
    this.savedShape = input.shape;
    return reshape(input, this.outputShape(input.shape));
  }

  backward(gradOutput: Tensor): Tensor {
    const inputShape = savedByForward(this.savedShape, this);
    checkGradOutput(this.toString(), gradOutput.shape, this.outputShape(inputShape));
    return reshape(gradOutput, inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    return [inputShape[0] ?? 1, sizeOf(inputShape.slice(1))];
  }
}
