// Convolution: one small kernel looks at every place of an image with the same weights.
import { checkCount, checkOptions } from "../check.ts";
import { heUniform, type Initializer } from "../init.ts";
import { checkChannels, checkGradOutput } from "../layer-check.ts";
import { add } from "../ops/arithmetic.ts";
import { reshape } from "../ops/arrange.ts";
import {
  conv2d,
  conv2dGradInput,
  conv2dGradWeight,
  type ConvolutionOptions,
} from "../ops/convolution.ts";
import { zeros } from "../ops/creation.ts";
import { sum } from "../ops/reduce.ts";
import type { Generator } from "../random.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkSizePair, checkWindow, type Size } from "../window-check.ts";
import { type Pair, placesOf } from "../window.ts";
import { Layer, Parameter } from "./layer.ts";

/** Settings of a convolution layer; stride, padding, dilation and groups as in `conv2d`. */
export interface Conv2dOptions extends ConvolutionOptions {
  /** Length of axis 1 of the input, such as 3 for red, green and blue. */
  readonly inChannels: number;
  /** How many kernels there are, each of which makes one channel of the output. */
  readonly outChannels: number;
  /** One number, or height and width. */
  readonly kernelSize: Size;
  /** Source of chance for the first weights. */
  readonly random: Generator;
  /** How the first weights are drawn. */
  readonly initWeight?: Initializer;
}

/**
 * Two-dimensional convolution (cross-correlation, as is usual in deep learning).
 *
 * output[b, o, y, x] = bias[o] + sum over c, i, j of
 *   input[b, first + c, y * stride + i * dilation - padding, ...] * weight[o, c, i, j]
 *
 * Output o sees the inChannels / groups channels of its group alone: first = group * inChannels / groups, where
 * group = floor(o * groups / outChannels). With one group first = 0, and all outputs see all channels.
 *
 * Weights start as `heUniform`, biases at 0.
 *
 * @saved input, because every weight met it once at every place
 * @source LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to document recognition", section II.A
 * @source Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning", chapters 2 and 4
 * @differs PyTorch starts weight and bias uniform in +-1/sqrt(fanIn); its "same" padding takes stride 1 only
 */
export class Conv2d extends Layer {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: Pair;
  /** How the kernel slides. */
  readonly options: ConvolutionOptions;
  /** `[outChannels, inChannels / groups, kernelHeight, kernelWidth]` */
  readonly weight: Parameter;
  /** `[outChannels]` */
  readonly bias: Parameter;
  // gradWeight pairs it with gradOutput.
  private savedInput: Tensor | undefined;

  constructor(options: Conv2dOptions) {
    super();
    checkOptions("Conv2d", options, "inChannels: 3, outChannels: 16, kernelSize: 3, random");
    const { inChannels, outChannels, random, initWeight = heUniform } = options;
    const { stride, padding, dilation, groups = 1 } = options;
    checkCount("Conv2d", "inChannels", inChannels);
    checkCount("Conv2d", "outChannels", outChannels);
    checkChannels("Conv2d", { inChannels, outChannels }, groups);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = checkSizePair("Conv2d", "kernelSize", options.kernelSize);
    this.options = { stride, padding, dilation, groups };
    const shape = [outChannels, inChannels / groups, ...this.kernelSize];
    this.weight = new Parameter("weight", initWeight(shape, { random }));
    this.bias = new Parameter("bias", zeros([outChannels]));
  }

  /**
   * @param input - `[batch, inChannels, height, width]`
   * @returns `[batch, outChannels, outHeight, outWidth]`
   * @throws {ShapeError} when the channels differ or the kernel does not fit into the image
   */
  forward(input: Tensor): Tensor {
    this.savedInput = input;
    const output = conv2d(input, this.weight.value, this.options); // [batch, outChannels, outHeight, outWidth]
    return add(output, reshape(this.bias.value, [1, this.outChannels, 1, 1]));
  }

  backward(gradOutput: Tensor): Tensor {
    this.accumulateGradients(gradOutput);
    const input = savedByForward(this.savedInput, this);
    // Every output hands its gradient back to the window that it looked at:
    // gradInput[b, c, v, u] = sum over o and all places (y, i), (x, j) that look at (v, u) of
    //   gradOutput[b, o, y, x] * weight[o, c, i, j]
    const inputSize: Pair = [input.shape[2]!, input.shape[3]!];
    return conv2dGradInput(gradOutput, this.weight.value, { ...this.options, inputSize });
  }

  override accumulateGradients(gradOutput: Tensor): void {
    const input = savedByForward(this.savedInput, this);
    checkGradOutput(this.toString(), gradOutput.shape, this.outputShape(input.shape));
    const { options, kernelSize } = this;
    // gradWeight[o, c, i, j] = sum over b, y, x of
    //   gradOutput[b, o, y, x] * input[b, first + c, y * stride + i * dilation - padding, ...]
    this.weight.accumulate(conv2dGradWeight(input, gradOutput, { ...options, kernelSize }));
    // gradBias[o] = sum over b, y, x of gradOutput[b, o, y, x]
    this.bias.accumulate(sum(gradOutput, { axes: [0, 2, 3] }));
  }

  override outputShape([batch, , height, width]: Shape): Shape {
    const size: Pair = [height!, width!];
    const window = checkWindow("Conv2d", this.kernelSize, size, this.options);
    return [batch!, this.outChannels, ...placesOf(window, size)];
  }

  override toString(): string {
    return `Conv2d(${this.inChannels} -> ${this.outChannels}, ${this.kernelSize.join(" x ")})`;
  }
}
