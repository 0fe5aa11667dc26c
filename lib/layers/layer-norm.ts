// Layer normalisation: every example is brought to mean 0 and variance 1 over its features.
import { checkCount, checkNumbers, checkOptions } from "../check.ts";
import { checkGradOutput, checkLastAxis } from "../layer-check.ts";
import { add, mul, sub } from "../ops/arithmetic.ts";
import { reciprocal, sqrt } from "../ops/elementwise.ts";
import { ones, zeros } from "../ops/creation.ts";
import { batchStatistics } from "../ops/normalise.ts";
import { mean, sum } from "../ops/reduce.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Layer, Parameter } from "./layer.ts";

/** Settings of layer normalisation. */
export interface LayerNormOptions {
  /** Length of the last axis. */
  readonly features: number;
  /** Keeps the division finite where the variance is 0, not negative. Default 1e-5. */
  readonly epsilon?: number;
}

/**
 * Layer normalisation over the last axis.
 *
 * n = (input - mean) / sqrt(variance + epsilon), over the features of each position;
 * output[..., f] = weight[f] * n[..., f] + bias[f]
 *
 * @saved the normalised numbers and 1 / sqrt(variance + epsilon), because the gradient is made of both
 * @source Ba, Kiros & Hinton 2016, "Layer normalization", equations 3 and 4
 */
export class LayerNorm extends Layer {
  readonly features: number;
  readonly epsilon: number;
  /** `[features]` */
  readonly weight: Parameter;
  /** `[features]` */
  readonly bias: Parameter;
  // n: gradWeight sums it, and gradInput is made orthogonal to it.
  private savedNormal: Tensor | undefined;
  // 1 / sqrt(variance + epsilon), [..., 1]: how much a change of the input is stretched.
  private savedScale: Tensor | undefined;

  /** @throws {ArgumentError} when a setting is outside its range */
  constructor(options: LayerNormOptions) {
    super();
    checkOptions("LayerNorm", options, "features: 64");
    const { features, epsilon = 1e-5 } = options;
    checkCount("LayerNorm", "features", features);
    checkNumbers("LayerNorm", { epsilon }, [0, Infinity]);
    this.features = features;
    this.epsilon = epsilon;
    this.weight = new Parameter("weight", ones([features]));
    this.bias = new Parameter("bias", zeros([features]));
  }

  /**
   * Input `[batch, ..., features]`; the output has the same shape.
   *
   * @throws {ShapeError} when the last axis is not `features`
   */
  forward(input: Tensor): Tensor {
    checkLastAxis(this.toString(), input.shape, this.features);
    const { mean: middle, variance } = batchStatistics(input, { axes: [-1] }); // [..., 1]
    // n = (input - mean) / sqrt(variance + epsilon)
    this.savedScale = reciprocal(sqrt(add(variance, this.epsilon)));
    this.savedNormal = mul(sub(input, middle), this.savedScale);
    // output = weight * n + bias
    return add(mul(this.savedNormal, this.weight.value), this.bias.value);
  }

  backward(gradOutput: Tensor): Tensor {
    const normal = savedByForward(this.savedNormal, this);
    const scale = savedByForward(this.savedScale, this);
    checkGradOutput(this.toString(), gradOutput.shape, normal.shape);
    const positions = normal.shape.slice(0, -1).map((_, axis) => axis);
    // gradWeight[f] = sum over the positions of gradOutput * n, gradBias[f] of gradOutput
    this.weight.accumulate(sumOver(mul(gradOutput, normal), positions));
    this.bias.accumulate(sumOver(gradOutput, positions));
    // Mean and variance depend on all features, so their part is taken out again:
    // gradInput = (g - mean(g) - n * mean(g * n)) / sqrt(variance + epsilon), g = gradOutput * weight
    const g = mul(gradOutput, this.weight.value);
    const shift = mean(g, { axes: [-1], keepDims: true }); // [..., 1]
    const stretch = mean(mul(g, normal), { axes: [-1], keepDims: true }); // [..., 1]
    return mul(sub(sub(g, shift), mul(normal, stretch)), scale);
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }

  override toString(): string {
    return `LayerNorm(${this.features})`;
  }
}

const sumOver = (x: Tensor, axes: readonly number[]): Tensor =>
  axes.length === 0 ? x : sum(x, { axes });
