// Upsampling: an image becomes larger by repeating its pixels; a convolution behind it smooths the blocks.
import { checkOptions } from "../check.ts";
import { checkGradOutput } from "../layer-check.ts";
import { mul } from "../ops/arithmetic.ts";
import { avgPool2d } from "../ops/pooling.ts";
import { upsampleNearest } from "../ops/upsampling.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkSizePair, type Size } from "../window-check.ts";
import type { Pair } from "../window.ts";
import { Layer } from "./layer.ts";

/** Settings of upsampling. */
export interface UpsampleOptions {
  /** How often each pixel is repeated: one number, or one down and one to the right. */
  readonly scale: Size;
}

/**
 * Upsampling by the nearest pixel.
 *
 * output[b, c, y, x] = input[b, c, floor(y / scaleHeight), floor(x / scaleWidth)]
 *
 * Before a convolution it does what a transposed convolution does, without the chequered pattern that overlapping
 * windows leave.
 *
 * @saved the input's shape, because gradOutput must fit it
 * @source Odena, Dumoulin & Olah 2016, "Deconvolution and checkerboard artifacts", section "Better upsampling"
 * @differs PyTorch also takes a size or a fractional scale; here the scale is a whole number
 */
export class UpsampleNearest2d extends Layer {
  readonly scale: Pair;
  // A gradient of another size would be summed over other blocks.
  private savedShape: Shape | undefined;

  /** @throws {ArgumentError} when the scale is no whole number from 1 on */
  constructor(options: UpsampleOptions) {
    super();
    checkOptions("UpsampleNearest2d", options, "scale: 2");
    const { scale } = options;
    this.scale = checkSizePair("UpsampleNearest2d", "scale", scale);
  }

  /** `[batch, channels, height, width] -> [batch, channels, height * scaleHeight, width * scaleWidth]` */
  forward(input: Tensor): Tensor {
    this.savedShape = input.shape;
    return upsampleNearest(input, this.scale);
  }

  backward(gradOutput: Tensor): Tensor {
    const inputShape = savedByForward(this.savedShape, this);
    checkGradOutput(this.toString(), gradOutput.shape, this.outputShape(inputShape));
    // gradInput[b, c, y, x] = sum of gradOutput over the block that repeats the pixel, that is, mean * size
    const mean = avgPool2d(gradOutput, { kernelSize: this.scale }); // [batch, channels, height, width]
    return mul(mean, this.scale[0] * this.scale[1]);
  }

  override outputShape([batch, channels, height, width]: Shape): Shape {
    return [batch!, channels!, height! * this.scale[0], width! * this.scale[1]];
  }

  override toString(): string {
    return `UpsampleNearest2d(${this.scale.join(" x ")})`;
  }
}
