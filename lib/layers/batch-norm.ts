// Batch normalisation: every channel is brought to mean 0 and variance 1 over the batch.
import { checkCount, checkNumbers, checkOptions } from "../check.ts";
import { checkChannelAxis, checkGradOutput } from "../layer-check.ts";
import { add, div, mul, sub } from "../ops/arithmetic.ts";
import { reshape } from "../ops/arrange.ts";
import { cast } from "../ops/convert.ts";
import { ones, zeros } from "../ops/creation.ts";
import { reciprocal, sqrt } from "../ops/elementwise.ts";
import { batchStatistics, type Statistics } from "../ops/normalise.ts";
import { sum } from "../ops/reduce.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Layer, LayerState, Parameter } from "./layer.ts";

/** Settings of batch normalisation. */
export interface BatchNormOptions {
  /** Length of axis 1. */
  readonly channels: number;
  /** Keeps the division finite where the variance is 0, not negative. Default 1e-5. */
  readonly epsilon?: number;
  /** Share of the new batch in the running statistics, in 0..1. Default 0.1. */
  readonly momentum?: number;
}

/**
 * Batch normalisation over all axes but the channels, axis 1.
 *
 * training: n = (input - mean) / sqrt(variance + epsilon) over the batch, and
 *   running = (1 - momentum) * running + momentum * batch;
 * evaluation: the same with the running mean and variance;
 * output[b, c, ...] = weight[c] * n[b, c, ...] + bias[c]
 *
 * The running variance is kept with count - 1 in its denominator, because it stands for that of all data.
 *
 * @saved the normalised numbers and 1 / sqrt(variance + epsilon), because the gradient is made of both
 * @source Ioffe & Szegedy 2015, "Batch normalization: accelerating deep network training by reducing internal covariate shift", algorithms 1 and 2
 * @differs Keras calls 1 - momentum the momentum; this is PyTorch's
 */
export class BatchNorm extends Layer {
  readonly channels: number;
  readonly epsilon: number;
  readonly momentum: number;
  /** `[channels]` */
  readonly weight: Parameter;
  /** `[channels]` */
  readonly bias: Parameter;
  /** `[channels]`, of the batches seen while training */
  readonly runningMean: LayerState;
  /** `[channels]`, of the batches seen while training */
  readonly runningVariance: LayerState;
  // n: gradWeight sums it, and gradInput is made orthogonal to it.
  private savedNormal: Tensor | undefined;
  // 1 / sqrt(variance + epsilon), [1, channels, 1, ...]: how much a change of the input is stretched.
  private savedScale: Tensor | undefined;
  // Whether the statistics were the batch's own, and so depend on every input.
  private savedFromBatch = true;

  /** @throws {ArgumentError} when a setting is outside its range */
  constructor(options: BatchNormOptions) {
    super();
    checkOptions("BatchNorm", options, "channels: 16");
    const { channels, epsilon = 1e-5, momentum = 0.1 } = options;
    checkCount("BatchNorm", "channels", channels);
    checkNumbers("BatchNorm", { epsilon }, [0, Infinity]);
    checkNumbers("BatchNorm", { momentum }, [0, 1]);
    this.channels = channels;
    this.epsilon = epsilon;
    this.momentum = momentum;
    this.weight = new Parameter("weight", ones([channels]));
    this.bias = new Parameter("bias", zeros([channels]));
    this.runningMean = new LayerState("runningMean", zeros([channels]));
    this.runningVariance = new LayerState("runningVariance", ones([channels]));
  }

  /**
   * Input `[batch, channels]` or `[batch, channels, height, width]`; the output has the same shape.
   *
   * @throws {ShapeError} when axis 1 is not `channels`, or a training batch has one number for each channel
   */
  forward(input: Tensor): Tensor {
    checkChannelAxis(this.toString(), input.shape, this.channels, this.training);
    this.savedFromBatch = this.training;
    const statistics = this.training
      ? batchStatistics(input, { axes: otherAxes(input) }) // [1, channels, 1, ...]
      : this.running(input);
    if (this.training) this.moveRunning(statistics, input.size / this.channels);
    // n = (input - mean) / sqrt(variance + epsilon)
    this.savedScale = reciprocal(sqrt(add(statistics.variance, this.epsilon)));
    this.savedNormal = mul(sub(input, statistics.mean), this.savedScale);
    // output = weight * n + bias
    const [weight, bias] = [this.weight.value, this.bias.value];
    return add(mul(this.savedNormal, alongChannels(weight, input)), alongChannels(bias, input));
  }

  backward(gradOutput: Tensor): Tensor {
    const normal = savedByForward(this.savedNormal, this);
    const scale = savedByForward(this.savedScale, this);
    checkGradOutput(this.toString(), gradOutput.shape, normal.shape);
    const axes = otherAxes(normal);
    // gradWeight[c] = sum over the batch of gradOutput * n, gradBias[c] of gradOutput
    const gradWeight = sum(mul(gradOutput, normal), { axes }); // [channels]
    const gradBias = sum(gradOutput, { axes });
    this.weight.accumulate(gradWeight);
    this.bias.accumulate(gradBias);
    const stretch = mul(alongChannels(this.weight.value, gradOutput), scale); // [1, channels, 1, ...]
    // gradInput = weight / sqrt(variance + epsilon) * gradOutput, where mean and variance do not depend on the input.
    if (!this.savedFromBatch) return mul(gradOutput, stretch);
    // While training they depend on the whole batch, so their part is taken out again:
    // gradInput = weight / sqrt(variance + epsilon) * (gradOutput - gradBias / count - n * gradWeight / count)
    const count = gradOutput.size / this.channels;
    const meanGradient = alongChannels(div(gradBias, count), gradOutput);
    const meanProduct = alongChannels(div(gradWeight, count), gradOutput);
    return mul(sub(sub(gradOutput, meanGradient), mul(normal, meanProduct)), stretch);
  }

  // Brings the running statistics nearer to those of a batch with `count` numbers for each channel.
  private moveRunning({ mean, variance }: Statistics, count: number): void {
    this.move(this.runningMean, mean);
    this.move(this.runningVariance, mul(variance, count / (count - 1)));
  }

  // running = (1 - momentum) * running + momentum * batch
  private move(state: LayerState, ofBatch: Tensor): void {
    const fresh = mul(cast(reshape(ofBatch, [this.channels]), state.value.dtype), this.momentum);
    state.value = add(mul(state.value, 1 - this.momentum), fresh);
  }

  private running(input: Tensor): Statistics {
    const along = (state: LayerState): Tensor =>
      alongChannels(cast(state.value, input.dtype), input);
    return { mean: along(this.runningMean), variance: along(this.runningVariance) };
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }

  override toString(): string {
    return `BatchNorm(${this.channels})`;
  }
}

// All axes but that of the channels.
const otherAxes = (x: Tensor): number[] => x.shape.map((_, axis) => axis).toSpliced(1, 1);

// [channels] as [1, channels, 1, ...], which lines up with axis 1 of x.
const alongChannels = (x: Tensor, like: Tensor): Tensor =>
  reshape(
    x,
    like.shape.map((length, axis) => (axis === 1 ? length : 1)),
  );
