// Two-dimensional convolution, and the two products that its gradients are: by the input and by the weight.
import type { ConvolutionOptions as Resolved } from "../backends/backend.ts";
import { checkSameDType } from "../check.ts";
import type { Tensor } from "../tensor.ts";
import {
  checkConvolution,
  checkGradientOf,
  checkImages,
  checkSizePair,
  checkWindow,
  type Size,
  type WindowOptions,
} from "../window-check.ts";
import { type Pair, placesOf } from "../window.ts";
import { run } from "./dispatch.ts";

/** How a convolution slides over its input. */
export interface ConvolutionOptions extends WindowOptions {
  /** Parts into which the channels are cut; each part of the output sees one part of the input. 1 unless given. */
  readonly groups?: number | undefined;
}

/**
 * Two-dimensional convolution (cross-correlation, as is usual in deep learning).
 *
 * output[b, o, y, x] = sum over c, i, j of input[b, c, y * stride + i * dilation - padding, ...] * weight[o, c, i, j]
 *
 * With groups, c counts the inChannels / groups channels of the group that output o belongs to.
 *
 * @param input - `[batch, inChannels, height, width]`
 * @param weight - `[outChannels, inChannels / groups, kernelHeight, kernelWidth]`
 * @returns `[batch, outChannels, outHeight, outWidth]`
 * @throws {ShapeError} when the channels of input and weight differ, or the kernel does not fit into the image
 */
export function conv2d(input: Tensor, weight: Tensor, options: ConvolutionOptions = {}): Tensor {
  const size = checkImages("conv2d", input);
  checkSameDType("conv2d", input, weight);
  const { resolved } = resolve("conv2d", { inChannels: input.shape[1]!, weight, size }, options);
  return run([input, weight], (backend, x, w) => backend.conv2d(x, w, resolved));
}

/**
 * Gradient of a convolution with respect to its input: every output spreads back over the window it came from.
 *
 * gradInput[b, c, v, u] = sum over o and all places (y, i), (x, j) with y * stride + i * dilation - padding = v,
 *   ... = u of gradOutput[b, o, y, x] * weight[o, c, i, j]
 *
 * @param gradOutput - `[batch, outChannels, outHeight, outWidth]`
 * @param weight - `[outChannels, inChannels / groups, kernelHeight, kernelWidth]`
 * @param options.inputSize - height and width of the input; several sizes may lead to one output size
 * @returns `[batch, inChannels, height, width]`
 * @throws {ShapeError} when gradOutput does not have the shape of the output
 */
export function conv2dGradInput(
  gradOutput: Tensor,
  weight: Tensor,
  options: ConvolutionOptions & { readonly inputSize: Size },
): Tensor {
  const op = "conv2dGradInput";
  checkImages(op, gradOutput);
  const inputSize = checkSizePair(op, "inputSize", options.inputSize);
  const inChannels = (weight.shape[1] ?? 0) * (options.groups ?? 1);
  const { resolved, places } = resolve(op, { inChannels, weight, size: inputSize }, options);
  const [batch, outChannels] = [gradOutput.shape[0]!, weight.shape[0]!];
  checkGradientOf(op, gradOutput, [batch, outChannels, ...places], weight);
  const all = { ...resolved, inputSize };
  return run([gradOutput, weight], (backend, g, w) => backend.conv2dGradInput(g, w, all));
}

/**
 * Gradient of a convolution with respect to its weight: each weight met the input once at every place.
 *
 * gradWeight[o, c, i, j] = sum over b, y, x of
 *   gradOutput[b, o, y, x] * input[b, c, y * stride + i * dilation - padding, ...]
 *
 * @param input - `[batch, inChannels, height, width]`
 * @param gradOutput - `[batch, outChannels, outHeight, outWidth]`
 * @param options.kernelSize - height and width of the kernel
 * @returns `[outChannels, inChannels / groups, kernelHeight, kernelWidth]`
 * @throws {ShapeError} when gradOutput does not have the shape of the output
 */
export function conv2dGradWeight(
  input: Tensor,
  gradOutput: Tensor,
  options: ConvolutionOptions & { readonly kernelSize: Size },
): Tensor {
  const op = "conv2dGradWeight";
  const size = checkImages(op, input);
  checkImages(op, gradOutput);
  const [batch, inChannels] = [input.shape[0]!, input.shape[1]!];
  const outChannels = gradOutput.shape[1]!;
  const kernel = checkSizePair(op, "kernelSize", options.kernelSize);
  const shape = [outChannels, inChannels / (options.groups ?? 1), ...kernel];
  const weight = { shape, dtype: input.dtype };
  const { resolved, places } = resolve(op, { inChannels, weight, size }, options);
  checkGradientOf(op, gradOutput, [batch, outChannels, ...places], input);
  return run([input, gradOutput], (backend, x, g) => backend.conv2dGradWeight(x, g, resolved));
}

interface Operands {
  readonly inChannels: number;
  readonly weight: Pick<Tensor, "shape" | "dtype">;
  /** Height and width of the input. */
  readonly size: Pair;
}

function resolve(
  op: string,
  { inChannels, weight, size }: Operands,
  options: ConvolutionOptions,
): { resolved: Resolved; places: Pair } {
  const groups = options.groups ?? 1;
  checkConvolution(op, inChannels, weight, groups);
  const [, , kernelHeight, kernelWidth] = weight.shape;
  const window = checkWindow(op, [kernelHeight!, kernelWidth!], size, options);
  return { resolved: { window, groups }, places: placesOf(window, size) };
}
