// Transposed convolution: a convolution run backwards, which makes images larger.
import { checkCount, checkOptions } from "../check.ts";
import { heUniform, type Initializer } from "../init.ts";
import { checkChannels, checkGradOutput } from "../layer-check.ts";
import { add } from "../ops/arithmetic.ts";
import { reshape } from "../ops/arrange.ts";
import { conv2d, conv2dGradInput, conv2dGradWeight } from "../ops/convolution.ts";
import { zeros } from "../ops/creation.ts";
import { sum } from "../ops/reduce.ts";
import type { Generator } from "../random.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import {
  checkImages,
  checkOutputPadding,
  checkSizePair,
  checkSpread,
  type Size,
} from "../window-check.ts";
import type { Pair } from "../window.ts";
import { Layer, Parameter } from "./layer.ts";

/** Settings of a transposed convolution. */
export interface ConvTranspose2dOptions {
  /** Length of axis 1 of the input. */
  readonly inChannels: number;
  /** Length of axis 1 of the output. */
  readonly outChannels: number;
  /** One number, or height and width. */
  readonly kernelSize: Size;
  /** How many rows and columns of the output one of the input moves by: 1 unless given. */
  readonly stride?: Size;
  /** Rows and columns that are cut off around the output: 0 unless given. */
  readonly padding?: Size;
  /** Rows and columns added at the end of the output, below stride: 0 unless given. */
  readonly outputPadding?: Size;
  /** Distance of the kernel's elements, 1 unless given. */
  readonly dilation?: Size;
  /** Parts into which the channels are cut, 1 unless given. */
  readonly groups?: number;
  /** Source of chance for the first weights. */
  readonly random: Generator;
  /** How the first weights are drawn. */
  readonly initWeight?: Initializer;
}

/**
 * Transposed convolution, the map that a convolution's gradient takes: every input spreads over a window of the output.
 *
 * output[b, o, v, u] = bias[o] + sum over c and all places (y, i), (x, j) with y * stride + i * dilation - padding = v,
 *   ... = u of input[b, c, y, x] * weight[c, o, i, j]
 *
 * outHeight = (height - 1) * stride - 2 * padding + (kernelHeight - 1) * dilation + 1 + outputPadding
 *
 * @saved input, because the weight gradient pairs it with gradOutput
 * @source Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning", chapter 4
 * @differs PyTorch takes an outputPadding up to the dilation too;
 *   PyTorch starts weight and bias uniform in +-1/sqrt(fanIn); here weights start as `heUniform`, biases at 0
 */
export class ConvTranspose2d extends Layer {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly outputPadding: Pair;
  readonly dilation: Pair;
  readonly groups: number;
  /** `[inChannels, outChannels / groups, kernelHeight, kernelWidth]` */
  readonly weight: Parameter;
  /** `[outChannels]` */
  readonly bias: Parameter;
  // gradWeight pairs it with gradOutput.
  private savedInput: Tensor | undefined;

  /** @throws {ArgumentError} when a setting is out of its range */
  constructor(options: ConvTranspose2dOptions) {
    super();
    checkOptions(
      "ConvTranspose2d",
      options,
      "inChannels: 16, outChannels: 3, kernelSize: 2, stride: 2, random",
    );
    const { inChannels, outChannels, groups = 1, random, initWeight = heUniform } = options;
    const name = "ConvTranspose2d";
    checkCount(name, "inChannels", inChannels);
    checkCount(name, "outChannels", outChannels);
    checkChannels(name, { inChannels, outChannels }, groups);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.groups = groups;
    this.kernelSize = checkSizePair(name, "kernelSize", options.kernelSize);
    this.stride = checkSizePair(name, "stride", options.stride ?? 1);
    this.padding = checkSizePair(name, "padding", options.padding ?? 0, 0);
    this.outputPadding = checkSizePair(name, "outputPadding", options.outputPadding ?? 0, 0);
    this.dilation = checkSizePair(name, "dilation", options.dilation ?? 1);
    checkOutputPadding(name, this.outputPadding, this.stride);
    const shape = [inChannels, outChannels / groups, ...this.kernelSize];
    this.weight = new Parameter("weight", initWeight(shape, { random }));
    this.bias = new Parameter("bias", zeros([outChannels]));
  }

  /**
   * @param input - `[batch, inChannels, height, width]`
   * @returns `[batch, outChannels, outHeight, outWidth]`
   * @throws {ShapeError} when the channels differ, or padding leaves nothing of the output
   */
  forward(input: Tensor): Tensor {
    checkImages(this.toString(), input);
    const [, , outHeight, outWidth] = this.outputShape(input.shape);
    checkSpread(this.toString(), input.shape, [this.inChannels, outHeight!, outWidth!]);
    this.savedInput = input;
    const options = { ...this.window, inputSize: [outHeight!, outWidth!] as const };
    const output = conv2dGradInput(input, this.weight.value, options); // [batch, outChannels, outHeight, outWidth]
    return add(output, reshape(this.bias.value, [1, this.outChannels, 1, 1]));
  }

  backward(gradOutput: Tensor): Tensor {
    this.accumulateGradients(gradOutput);
    // The transpose of a transposed convolution is the convolution itself.
    return conv2d(gradOutput, this.weight.value, this.window); // [batch, inChannels, height, width]
  }

  override accumulateGradients(gradOutput: Tensor): void {
    const input = savedByForward(this.savedInput, this);
    checkGradOutput(this.toString(), gradOutput.shape, this.outputShape(input.shape));
    const options = { ...this.window, kernelSize: this.kernelSize };
    // gradWeight[c, o, i, j] = sum over b, y, x of input[b, c, y, x] * gradOutput[b, o, y * stride + i - padding, ...]
    this.weight.accumulate(conv2dGradWeight(gradOutput, input, options));
    // gradBias[o] = sum over b, v, u of gradOutput[b, o, v, u]
    this.bias.accumulate(sum(gradOutput, { axes: [0, 2, 3] }));
  }

  override outputShape([batch, , height, width]: Shape): Shape {
    const along = (axis: 0 | 1, length: number): number =>
      (length - 1) * this.stride[axis] -
      2 * this.padding[axis] +
      (this.kernelSize[axis] - 1) * this.dilation[axis] +
      1 +
      this.outputPadding[axis];
    return [batch!, this.outChannels, along(0, height!), along(1, width!)];
  }

  override toString(): string {
    return `ConvTranspose2d(${this.inChannels} -> ${this.outChannels}, ${this.kernelSize.join(" x ")})`;
  }

  // The convolution whose gradient this layer is.
  private get window() {
    const { stride, padding, dilation, groups } = this;
    return { stride, padding, dilation, groups };
  }
}
