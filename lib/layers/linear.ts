// The linear layer: every output is a weighted sum of all inputs, plus a bias.
import { checkCount, checkFloat, checkOptions } from "../check.ts";
import { xavierUniform, type Initializer } from "../init.ts";
import { checkGradOutput, checkLastAxis } from "../layer-check.ts";
import { reshape } from "../ops/arrange.ts";
import { zeros } from "../ops/creation.ts";
import { affine, matmul } from "../ops/product.ts";
import { sum } from "../ops/reduce.ts";
import type { Generator } from "../random.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Layer, Parameter } from "./layer.ts";

/** Settings of a linear layer. */
export interface LinearOptions {
  /** Length of the last axis of the input. */
  readonly inFeatures: number;
  /** Length of the last axis of the output. */
  readonly outFeatures: number;
  /** Source of chance for the first weights. */
  readonly random: Generator;
  /** How the first weights are drawn. */
  readonly initWeight?: Initializer;
}

/**
 * Linear layer, also called fully connected or dense.
 *
 * output[b, o] = bias[o] + sum over i of input[b, i] * weight[i, o]
 *
 * Weights start as `xavierUniform`, biases at 0. More axes in front of `inFeatures` than the batch are
 * welcome: each position is an example of its own.
 *
 * @saved input, because the weight gradient is a product of input and gradOutput
 * @source Rumelhart, Hinton & Williams 1986, "Learning representations by back-propagating errors", equations 1 and 4-6
 * @differs PyTorch stores the weight as `[outFeatures, inFeatures]` and starts weight and bias uniform in
 *   +-1/sqrt(inFeatures)
 */
export class Linear extends Layer {
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** `[inFeatures, outFeatures]` */
  readonly weight: Parameter;
  /** `[outFeatures]` */
  readonly bias: Parameter;
  // The input as [rows, inFeatures]: gradWeight needs every row.
  private savedInput: Tensor | undefined;
  // The input's own shape, which gradInput takes again.
  private savedShape: Shape | undefined;

  constructor(options: LinearOptions) {
    super();
    checkOptions("Linear", options, "inFeatures: 784, outFeatures: 128, random");
    const { inFeatures, outFeatures, random, initWeight = xavierUniform } = options;
    checkCount("Linear", "inFeatures", inFeatures);
    checkCount("Linear", "outFeatures", outFeatures);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter("weight", initWeight([inFeatures, outFeatures], { random }));
    this.bias = new Parameter("bias", zeros([outFeatures]));
  }

  /**
   * @param input - `[batch, inFeatures]`, or with more axes in front
   * @returns `[batch, outFeatures]`
   * @throws {ShapeError} when the last axis is not `inFeatures`
   */
  forward(input: Tensor): Tensor {
    checkFloat(this.toString(), input);
    checkLastAxis(this.toString(), input.shape, this.inFeatures);
    const rows = reshape(input, [input.size / this.inFeatures, this.inFeatures]);
    this.savedInput = rows;
    this.savedShape = input.shape;
    // output = input weight + bias
    const output = affine(rows, this.weight.value, this.bias.value); // [rows, outFeatures]
    return reshape(output, this.outputShape(input.shape));
  }

  backward(gradOutput: Tensor): Tensor {
    this.accumulateGradients(gradOutput);
    // gradInput = gradOutput weightᵀ
    const gradInput = matmul(this.rowsOf(gradOutput), this.weight.value, { transposeB: true });
    return reshape(gradInput, savedByForward(this.savedShape, this)); // [batch, inFeatures]
  }

  override accumulateGradients(gradOutput: Tensor): void {
    const input = savedByForward(this.savedInput, this);
    const gradRows = this.rowsOf(gradOutput);
    // gradWeight = inputᵀ gradOutput: a sum over the rows, because every row used the same weight
    this.weight.accumulate(matmul(input, gradRows, { transposeA: true })); // [inFeatures, outFeatures]
    // gradBias[o] = sum over b of gradOutput[b, o]
    this.bias.accumulate(sum(gradRows, { axes: [0] })); // [outFeatures]
  }

  // The gradient of the output as [rows, outFeatures], like the input in forward.
  private rowsOf(gradOutput: Tensor): Tensor {
    const outputShape = this.outputShape(savedByForward(this.savedShape, this));
    checkGradOutput(this.toString(), gradOutput.shape, outputShape);
    return reshape(gradOutput, [gradOutput.size / this.outFeatures, this.outFeatures]);
  }

  override outputShape(inputShape: Shape): Shape {
    return [...inputShape.slice(0, -1), this.outFeatures];
  }

  override get exampleShape(): Shape {
    return [this.inFeatures];
  }

  override toString(): string {
    return `Linear(${this.inFeatures} -> ${this.outFeatures})`;
  }
}
