// Residual connection: a block adds to its input instead of replacing it, so gradients have a straight way back.
import { checkResidual } from "../layer-check.ts";
import { add } from "../ops/arithmetic.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Layer } from "./layer.ts";

/**
 * Residual connection around a block.
 *
 * output = input + block(input)
 *
 * @saved nothing of its own: the block keeps what it needs
 * @source He, Zhang, Ren & Sun 2016, "Deep residual learning for image recognition", equation 1
 */
export class Residual extends Layer {
  /** What is added; its output has the shape of its input. */
  readonly block: Layer;

  constructor(block: Layer) {
    super();
    this.block = block;
  }

  /**
   * Input of any shape that the block takes; the output has the same.
   *
   * @throws {ShapeError} when the block changes the shape
   */
  forward(input: Tensor): Tensor {
    const change = this.block.forward(input);
    checkResidual(this.block.toString(), input.shape, change.shape);
    return add(input, change);
  }

  backward(gradOutput: Tensor): Tensor {
    // Both ways start at the input, so their gradients add up.
    return add(gradOutput, this.block.backward(gradOutput));
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }

  override get exampleShape(): Shape | undefined {
    return this.block.exampleShape;
  }

  override toString(): string {
    return `Residual(${this.block.toString()})`;
  }
}
