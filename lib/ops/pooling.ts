// Pooling: one number for every place of a window, the largest or the mean, and the way back to the input.
import type { Tensor } from "../tensor.ts";
import {
  checkGradientOf,
  checkImages,
  checkSizePair,
  checkPool,
  type Size,
  type WindowOptions,
} from "../window-check.ts";
import { type Pair, placesOf, type Window } from "../window.ts";
import { run } from "./dispatch.ts";

/** How a pool slides over its input. */
export interface PoolOptions extends WindowOptions {
  /** Rows and columns of the window: one number, or height and width. */
  readonly kernelSize: Size;
}

/** How an average counts. */
export interface AveragePoolOptions extends PoolOptions {
  /** Whether zeros of the padding count as elements; true unless given. */
  readonly countIncludePad?: boolean | undefined;
}

/**
 * output[b, c, y, x] = max over i, j of input[b, c, y * stride + i * dilation - padding, ...]; padding is never the largest
 *
 * @param input - `[batch, channels, height, width]`
 * @param options.stride - `kernelSize` unless given, so that the windows do not overlap
 * @returns `[batch, channels, outHeight, outWidth]`
 * @throws {ShapeError} when the window does not fit into the image
 * @throws {ArgumentError} when some place of the window sees nothing of the image
 * @differs in plain loops a NaN is the largest number of its window, as in PyTorch; ONNX Runtime may pass over one that
 *   stands beside other numbers
 */
export function maxPool2d(input: Tensor, options: PoolOptions): Tensor {
  const { window } = resolve("maxPool2d", checkImages("maxPool2d", input), options);
  return run([input], (backend, x) => backend.maxPool2d(x, window));
}

/**
 * Gradient of max-pooling: each output's gradient goes to the element that was the largest, the first of equals.
 *
 * @param gradOutput - `[batch, channels, outHeight, outWidth]`
 * @param input - `[batch, channels, height, width]`
 * @param output - `[batch, channels, outHeight, outWidth]`, what `maxPool2d` gave
 * @returns `[batch, channels, height, width]`
 * @throws {ShapeError} when gradOutput does not have the shape of the output
 */
export function maxPool2dGrad(
  gradOutput: Tensor,
  input: Tensor,
  output: Tensor,
  options: PoolOptions,
): Tensor {
  const op = "maxPool2dGrad";
  const { window, places } = resolve(op, checkImages(op, input), options);
  const shape = [...input.shape.slice(0, 2), ...places];
  checkGradientOf(op, gradOutput, shape, input);
  checkGradientOf(op, output, shape, input);
  return run([gradOutput, input, output], (backend, g, x, y) =>
    backend.maxPool2dGrad(g, x, y, window),
  );
}

/**
 * output[b, c, y, x] = mean over i, j of input[b, c, y * stride + i * dilation - padding, ...]
 *
 * @param input - `[batch, channels, height, width]`
 * @param options.stride - `kernelSize` unless given, so that the windows do not overlap
 * @returns `[batch, channels, outHeight, outWidth]`
 * @throws {ShapeError} when the window does not fit into the image
 * @throws {ArgumentError} when some place of the window sees nothing of the image
 */
export function avgPool2d(input: Tensor, options: AveragePoolOptions): Tensor {
  const { window } = resolve("avgPool2d", checkImages("avgPool2d", input), options);
  const countIncludePad = options.countIncludePad ?? true;
  return run([input], (backend, x) => backend.avgPool2d(x, { window, countIncludePad }));
}

/**
 * Gradient of average pooling: each output's gradient is shared out evenly over its window.
 *
 * @param gradOutput - `[batch, channels, outHeight, outWidth]`
 * @param options.inputSize - height and width of the input
 * @returns `[batch, channels, height, width]`
 * @throws {ShapeError} when gradOutput does not have the shape of the output
 */
export function avgPool2dGrad(
  gradOutput: Tensor,
  options: AveragePoolOptions & { readonly inputSize: Size },
): Tensor {
  const op = "avgPool2dGrad";
  checkImages(op, gradOutput);
  const inputSize = checkSizePair(op, "inputSize", options.inputSize);
  const { window, places } = resolve(op, inputSize, options);
  checkGradientOf(op, gradOutput, [...gradOutput.shape.slice(0, 2), ...places], gradOutput);
  const all = { window, inputSize, countIncludePad: options.countIncludePad ?? true };
  return run([gradOutput], (backend, g) => backend.avgPool2dGrad(g, all));
}

function resolve(
  op: string,
  inputSize: Pair,
  options: PoolOptions,
): { window: Window; places: Pair } {
  const kernelSize = checkSizePair(op, "kernelSize", options.kernelSize);
  const window = checkPool(op, kernelSize, inputSize, {
    ...options,
    stride: options.stride ?? kernelSize,
  });
  return { window, places: placesOf(window, inputSize) };
}
