// Checks and completes the settings of convolutions and pools: who expects what; what came; the fix.
import { checkCount, checkFloat, checkSameDType, type Described, kindOf } from "./check.ts";
import { ArgumentError, ShapeError } from "./errors.ts";
import { sameShape, type Shape, shapeText } from "./shape.ts";
import { type Pair, placesOf, reach, samePadding, type Window } from "./window.ts";

/** One number for both axes, or one for height and one for width. */
export type Size = number | Pair;

/** Edge around an image: rows and columns of it, `"valid"` for none, `"same"` for ceil(length / stride) places. */
export type Padding = Size | "same" | "valid";

/** How a window slides, as it is written by hand. */
export interface WindowOptions {
  /** How far the window moves, 1 unless given. */
  readonly stride?: Size | undefined;
  /** Edge of zeros around the image, none unless given. */
  readonly padding?: Padding | undefined;
  /** Distance of the elements it looks at, 1 unless given. */
  readonly dilation?: Size | undefined;
}

/** A size as height and width, each a whole number from `least` on. */
export function checkSizePair(op: string, argument: string, size: Size, least = 1): Pair {
  const [height, width] = typeof size === "number" ? [size, size] : size;
  checkCount(op, argument, height, least);
  checkCount(op, argument, width, least);
  return [height, width];
}

/**
 * The window of `kernelSize` in an image of `inputSize`, with all settings filled in.
 *
 * @throws {ArgumentError} when a setting is no whole number
 * @throws {ShapeError} when the window is larger than the image with its edge
 */
export function checkWindow(
  op: string,
  kernelSize: Pair,
  inputSize: Pair,
  { stride = 1, padding = 0, dilation = 1 }: WindowOptions,
): Window {
  const bare: Window = {
    kernelSize,
    stride: checkSizePair(op, "stride", stride),
    padding: [
      [0, 0],
      [0, 0],
    ],
    dilation: checkSizePair(op, "dilation", dilation),
  };
  const window = { ...bare, padding: edges(op, padding, bare, inputSize) };
  const places = placesOf(window, inputSize);
  if (places.every((count) => count >= 1)) return window;
  throw new ShapeError(
    `${op}: the window must fit into the image with its padding, got an image of ${shapeText(inputSize)}, ` +
      `padding ${JSON.stringify(padding)} and a window that reaches over ${shapeText(reach(window))}. ` +
      "Use a smaller kernel or dilation, or more padding.",
  );
}

/**
 * The window of a pool, as `checkWindow`: besides, each place must see some of the image, because nothing has no
 * largest number and no mean.
 *
 * @throws {ArgumentError} when the padding is as wide as the kernel, or a dilated window may step over the image
 */
export function checkPool(
  op: string,
  kernelSize: Pair,
  inputSize: Pair,
  options: WindowOptions,
): Window {
  const window = checkWindow(op, kernelSize, inputSize, options);
  for (const axis of [0, 1] as const) {
    const edge = Math.max(...window.padding[axis]);
    if (edge < kernelSize[axis] && seesImageEverywhere(window, axis, inputSize[axis])) continue;
    throw new ArgumentError(
      `${op}: every window must see some of the image, so that padding must be smaller than the kernel, got ` +
        `padding ${JSON.stringify(options.padding)}, kernelSize ${shapeText(kernelSize)}, dilation ${shapeText(window.dilation)} ` +
        `and an image of ${shapeText(inputSize)}. Use less padding or dilation, or a larger kernel.`,
    );
  }
  return window;
}

function seesImageEverywhere(window: Window, axis: 0 | 1, length: number): boolean {
  const step = window.dilation[axis];
  // Without gaps a window that begins or ends in the image sees it.
  if (step === 1) return true;
  const count = placesOf(window, [length, length])[axis];
  return Array.from({ length: count }, (_, place) => {
    const start = place * window.stride[axis] - window.padding[axis][0];
    const first = Math.max(0, Math.ceil(-start / step));
    return first < window.kernelSize[axis] && start + first * step < length;
  }).every(Boolean);
}

function edges(
  op: string,
  padding: Padding,
  window: Window,
  inputSize: Pair,
): readonly [Pair, Pair] {
  if (padding === "valid") return window.padding;
  if (padding === "same") {
    return [samePadding(0, window, inputSize[0]), samePadding(1, window, inputSize[1])];
  }
  if (typeof padding === "string") {
    throw new ArgumentError(
      `${op}: padding must be a number, [height, width], "same" or "valid", got ${kindOf(padding)}. ` +
        'Write "same" for an output as large as the input at stride 1.',
    );
  }
  const [height, width] = checkSizePair(op, "padding", padding, 0);
  return [
    [height, height],
    [width, width],
  ];
}

/** An image batch has four axes. @returns its height and width */
export function checkImages(op: string, x: Described): Pair {
  checkFloat(op, x);
  const [, , height, width] = x.shape;
  if (x.shape.length === 4) return [height!, width!];
  const fix =
    x.shape.length === 3
      ? `One image is a batch of 1: reshape(x, ${shapeText([1, ...x.shape])}).`
      : "Reshape the input to four axes first; grey images have 1 channel.";
  throw new ShapeError(
    `${op}: expects images [batch, channels, height, width], got ${shapeText(x.shape)}. ${fix}`,
  );
}

/** Input and weight of a convolution must agree in their channels, and both must split into the groups. */
export function checkConvolution(
  op: string,
  inChannels: number,
  weight: Described,
  groups: number,
): void {
  checkCount(op, "groups", groups);
  const [outChannels = 0, perGroup = 0] = weight.shape;
  const fits = weight.shape.length === 4 && perGroup * groups === inChannels;
  if (!fits) {
    throw new ShapeError(
      `${op}: weight must be [outChannels, inChannels / groups, kernelHeight, kernelWidth] with ` +
        `inChannels ${inChannels} and groups ${groups}, got ${shapeText(weight.shape)}. ` +
        `Give the weight ${inChannels / groups} input channels, or the input ${perGroup * groups}.`,
    );
  }
  if (outChannels % groups === 0) return;
  throw new ShapeError(
    `${op}: outChannels must split evenly into ${groups} groups, got ${outChannels}. ` +
      "Use a multiple of groups.",
  );
}

/** What a transposed convolution adds at the end must be less than one more input would. */
export function checkOutputPadding(layer: string, outputPadding: Pair, stride: Pair): void {
  if (outputPadding.every((added, axis) => added < stride[axis]!)) return;
  throw new ArgumentError(
    `${layer}: outputPadding must be smaller than stride, got ${shapeText(outputPadding)} with stride ${shapeText(stride)}. ` +
      "Use less, or a larger stride.",
  );
}

/** What a transposed convolution takes and gives: images with its channels, and some output behind the padding. */
export function checkSpread(
  layer: string,
  input: Shape,
  [inChannels, outHeight, outWidth]: readonly [number, number, number],
): void {
  if (input[1] !== inChannels) {
    throw new ShapeError(
      `${layer}: expects images [batch, ${inChannels}, height, width], got ${shapeText(input)}. ` +
        `Build the layer with inChannels: ${input[1]}, or pass images with ${inChannels} channels.`,
    );
  }
  if (outHeight >= 1 && outWidth >= 1) return;
  throw new ShapeError(
    `${layer}: padding must leave some of the output, got ${outHeight} rows and ${outWidth} columns for an input of ` +
      `${shapeText(input)}. Use less padding, or a larger kernel or stride.`,
  );
}

/** The gradient of an output must have the output's shape and element type. */
export function checkGradientOf(
  op: string,
  gradOutput: Described,
  output: Shape,
  other: Described,
): void {
  checkSameDType(op, gradOutput, other);
  if (sameShape(gradOutput.shape, output)) return;
  throw new ShapeError(
    `${op}: gradOutput must have the shape ${shapeText(output)} of the output, got ` +
      `${shapeText(gradOutput.shape)}. Pass the same stride, padding and dilation as to the forward op.`,
  );
}
