// Convolution and its two gradients as ONNX nodes: a way that always works, and faster ones where they apply.
import { NO_EDGE, type Pair, placesOf, reach, type Window } from "../../../window.ts";
import type { ConvolutionOptions, InputSize } from "../../backend.ts";
import type { Graph, GraphValue } from "../graph.ts";
import {
  BlockedConvolution,
  imagesAsKernels,
  kernelsInBlocks,
  turnedKernelsInBlocks,
} from "./blocked.ts";
import { fitsBlocks, inBlocks } from "./blocks.ts";
import { isPerChannel, vector, withEdgeInBlocks } from "./channel-affine.ts";
import { DeferredValue } from "./deferred.ts";
import { concat, pad, reshape, slice, transpose } from "./moves.ts";
import { matmul } from "./products.ts";
import { reduce } from "./reductions.ts";
import { sizeOfImage, slide } from "./slide.ts";

/** From so many channels on, a convolution keeps the registers full, and needs no other arrangement. */
const MANY_CHANNELS = 16;
/** Images that share one group of a weight gradient with few channels. */
const IMAGES_PER_GROUP = 8;

/** `[batch, inChannels, height, width]`, weight `-> [batch, outChannels, ...places]` */
export function conv2d(
  graph: Graph,
  input: GraphValue,
  weight: GraphValue,
  { window, groups }: ConvolutionOptions,
): GraphValue {
  const [outChannels, inChannels] = weight.shape as [number, number];
  const isNarrow = inChannels < graph.blockSize;
  if (groups === 1 && fitsBlocks(graph, outChannels, isNarrow ? 0 : inChannels)) {
    const images = isNarrow ? input : inBlocks(graph, input);
    return new BlockedConvolution(graph, images, kernelsInBlocks(graph, weight), window);
  }
  return new PlainConvolution(graph, input, weight, { window, groups });
}

/** A convolution that waits for its bias: inside of it, adding costs nothing, and ONNX Runtime joins a ReLU to it. */
class PlainConvolution extends DeferredValue {
  /** Adds the node, with a bias `[outChannels]`. @returns `[batch, outChannels, ...places]` */
  readonly compute: (bias?: GraphValue) => GraphValue;

  /** `[batch, inChannels, height, width]`, weight `-> [batch, outChannels, ...places]` */
  constructor(
    graph: Graph,
    input: GraphValue,
    weight: GraphValue,
    { window, groups }: ConvolutionOptions,
  ) {
    const shape = [input.shape[0]!, weight.shape[0]!, ...placesOf(window, sizeOfImage(input))];
    const type = { shape, dtype: input.dtype };
    const attributes = { ...slide(window), kernel_shape: window.kernelSize, group: groups };
    const compute = (bias?: GraphValue): GraphValue =>
      graph.node("Conv", bias ? [input, weight, bias] : [input, weight], type, { attributes });
    super(type, () => compute());
    this.compute = compute;
  }
}

/** A plain convolution with one number per channel added; undefined for all else. */
export function withBias(graph: Graph, x: GraphValue, bias: GraphValue): GraphValue | undefined {
  if (!(x instanceof PlainConvolution) || x.isMade || !isPerChannel(bias, x)) return undefined;
  return new DeferredValue(x, () => x.compute(vector(graph, bias, [x.shape[1]!])));
}

/** `[batch, outChannels, ...places]`, weight `-> [batch, inChannels, height, width]` */
export function conv2dGradInput(
  graph: Graph,
  gradOutput: GraphValue,
  weight: GraphValue,
  options: ConvolutionOptions & InputSize,
): GraphValue {
  const { groups, window } = options;
  if (groups > 1) return byTransposedConvolution(graph, gradOutput, weight, options);
  if (weight.shape[1]! < MANY_CHANNELS) return byColumns(graph, gradOutput, weight, options);
  return isDense(window)
    ? byFlippedKernel(graph, gradOutput, weight, window)
    : byTransposedConvolution(graph, gradOutput, weight, options);
}

// Stride and dilation 1, and no more edge than the kernel covers.
const isDense = ({ kernelSize, stride, padding, dilation }: Window): boolean =>
  [...stride, ...dilation].every((step) => step === 1) &&
  padding.every((edges, axis) => edges.every((edge) => edge < kernelSize[axis]!));

// A convolution of the gradient with the kernel turned by 180 degrees, inputs and outputs exchanged.
function byFlippedKernel(
  graph: Graph,
  gradOutput: GraphValue,
  weight: GraphValue,
  { kernelSize, stride, padding, dilation }: Window,
): GraphValue {
  const edges = (axis: 0 | 1): Pair => {
    const [before, after] = padding[axis];
    return [kernelSize[axis] - 1 - before, kernelSize[axis] - 1 - after];
  };
  const window: Window = { kernelSize, stride, dilation, padding: [edges(0), edges(1)] };
  if (fitsBlocks(graph, weight.shape[1]!, weight.shape[0]!)) {
    const kernels = turnedKernelsInBlocks(graph, weight);
    return new BlockedConvolution(graph, inBlocks(graph, gradOutput), kernels, window);
  }
  const ranges = weight.shape.map((size, axis) =>
    axis < 2 ? { start: 0, size, step: 1 } : { start: size - 1, size, step: -1 },
  );
  const turned = transpose(graph, slice(graph, weight, ranges), [1, 0, 2, 3]);
  return conv2d(graph, gradOutput, turned, { window, groups: 1 });
}

// weightᵀ x gradOutput for all places at once, then every column back to its window. With few channels, half the
// time of a transposed convolution.
function byColumns(
  graph: Graph,
  gradOutput: GraphValue,
  weight: GraphValue,
  { window, inputSize }: ConvolutionOptions & InputSize,
): GraphValue {
  const [outChannels, inChannels] = weight.shape as [number, number];
  const batch = gradOutput.shape[0]!;
  const [outHeight, outWidth] = sizeOfImage(gradOutput);
  const [height, width] = window.kernelSize;
  const kernels = reshape(graph, weight, [outChannels, inChannels * height * width]);
  const places = reshape(graph, gradOutput, [batch, outChannels, outHeight * outWidth]);
  const transposed = { transposeA: true, transposeB: false, alpha: 1 };
  const columns = matmul(graph, kernels, places, transposed); // [batch, window, places]
  const { strides, dilations, pads } = slide(window);
  return graph.node(
    "Col2Im",
    [columns, graph.integers(inputSize), graph.integers(window.kernelSize)],
    { shape: [batch, inChannels, ...inputSize], dtype: gradOutput.dtype },
    { attributes: { strides, dilations, pads } },
  );
}

function byTransposedConvolution(
  graph: Graph,
  gradOutput: GraphValue,
  weight: GraphValue,
  { window, groups, inputSize }: ConvolutionOptions & InputSize,
): GraphValue {
  const shape = [gradOutput.shape[0]!, weight.shape[1]! * groups, ...inputSize];
  const attributes = {
    ...slide(window),
    kernel_shape: window.kernelSize,
    group: groups,
    output_padding: left(window, inputSize),
  };
  const type = { shape, dtype: gradOutput.dtype };
  return graph.node("ConvTranspose", [gradOutput, weight], type, { attributes });
}

// Rows and columns at the end that no window reached, because the stride stepped over them.
function left(window: Window, inputSize: readonly [number, number]): number[] {
  const places = placesOf(window, inputSize);
  return ([0, 1] as const).map((axis) => {
    const [before, after] = window.padding[axis];
    const covered = (places[axis] - 1) * window.stride[axis] + reach(window)[axis];
    return inputSize[axis] + before + after - covered;
  });
}

/** input, `[batch, outChannels, ...places] -> [outChannels, inChannels / groups, ...kernel]` */
export function conv2dGradWeight(
  graph: Graph,
  input: GraphValue,
  gradOutput: GraphValue,
  { window, groups }: ConvolutionOptions,
): GraphValue {
  const [channels, outChannels] = [input.shape[1]! / groups, gradOutput.shape[1]! / groups];
  if (groups === 1 && fitsBlocks(graph, input.shape[0]!, outChannels)) {
    return batchAsChannels(graph, input, gradOutput, window);
  }
  const isFew = groups === 1 && channels < MANY_CHANNELS;
  if (isFew) return imageByImage(graph, input, gradOutput, window);
  const parts = Array.from({ length: groups }, (_, group) => {
    const x = channelsOf(graph, input, group * channels, channels);
    const g = channelsOf(graph, gradOutput, group * outChannels, outChannels);
    return byParts(graph, x, g, window);
  });
  return groups === 1 ? parts[0]! : concat(graph, parts, 0);
}

// The gradient as the kernel of a convolution in which the batch takes the place of the channels: in blocks, the
// fastest way. The edge is added beforehand, because so large a kernel is slow at it.
function batchAsChannels(graph: Graph, x: GraphValue, g: GraphValue, window: Window): GraphValue {
  const images = withEdgeInBlocks(
    graph,
    inBlocks(graph, transpose(graph, x, [1, 0, 2, 3])),
    window,
  );
  const kernels = imagesAsKernels(graph, inBlocks(graph, g));
  const none = { ...gradientAsKernel(g, window), padding: NO_EDGE };
  // [inChannels, outChannels, ...kernel]
  const sums = kernelOf(graph, new BlockedConvolution(graph, images, kernels, none), window);
  return transpose(graph, sums, [1, 0, 2, 3]);
}

// Every element of the kernel met a part of the input: all of these parts side by side, times the gradient. A third of
// the time of one convolution in which the batch takes the place of the channels.
function byParts(graph: Graph, x: GraphValue, g: GraphValue, window: Window): GraphValue {
  const [batch, channels] = x.shape as [number, number];
  const [, outChannels, outHeight, outWidth] = g.shape as [number, number, number, number];
  const [height, width] = window.kernelSize;
  const places = outHeight * outWidth;
  const padded = withEdge(graph, x, window);
  const parts = Array.from({ length: height * width }, (_, k) => {
    const ranges = [
      { start: 0, size: batch, step: 1 },
      { start: 0, size: channels, step: 1 },
      {
        start: Math.floor(k / width) * window.dilation[0],
        size: outHeight,
        step: window.stride[0],
      },
      { start: (k % width) * window.dilation[1], size: outWidth, step: window.stride[1] },
    ];
    return reshape(graph, slice(graph, padded, ranges), [batch, channels, places]);
  });
  const columns = parts.length === 1 ? parts[0]! : concat(graph, parts, 1);
  const gradient = reshape(graph, g, [batch, outChannels, places]);
  const transposed = { transposeA: false, transposeB: true, alpha: 1 };
  const products = matmul(graph, gradient, columns, transposed); // [batch, outChannels, height * width * channels]
  const sums = reduce(graph, "sum", products, { axes: [0], keepDims: false });
  const kernel = reshape(graph, sums, [outChannels, height, width, channels]);
  return transpose(graph, kernel, [0, 3, 1, 2]);
}

function withEdge(graph: Graph, x: GraphValue, { padding }: Window): GraphValue {
  if (padding.flat().every((edge) => edge === 0)) return x;
  return pad(graph, x, [[0, 0], [0, 0], ...padding], 0);
}

// With few channels the parts are too thin. Here the gradient is the kernel of a convolution, each group of images has
// its own, and the sum over the groups comes after. Eight in a group are 1.5 times as fast as one.
function imageByImage(graph: Graph, x: GraphValue, g: GraphValue, window: Window): GraphValue {
  const [batch, channels] = x.shape as [number, number];
  const [, outChannels, outHeight, outWidth] = g.shape as [number, number, number, number];
  const together = channels > 1 && batch % IMAGES_PER_GROUP === 0 ? IMAGES_PER_GROUP : 1;
  const groups = batch / together;
  const places = outHeight * outWidth;
  const split = reshape(graph, g, [groups, together, outChannels, places]);
  const exchanged = together === 1 ? split : transpose(graph, split, [0, 2, 1, 3]);
  const kernels = reshape(graph, exchanged, [groups * outChannels, together, outHeight, outWidth]);
  const images =
    channels === 1
      ? reshape(graph, x, [1, batch, ...x.shape.slice(2)])
      : transpose(graph, x, [1, 0, 2, 3]);
  const options = { window: gradientAsKernel(g, window), groups };
  const all = kernelOf(graph, conv2d(graph, images, kernels, options), window);
  const byGroup = reshape(graph, all, [channels, groups, outChannels, ...window.kernelSize]);
  const sums = reduce(graph, "sum", byGroup, { axes: [1], keepDims: false });
  return transpose(graph, sums, [1, 0, 2, 3]);
}

const gradientAsKernel = (g: GraphValue, { stride, padding, dilation }: Window): Window => ({
  kernelSize: sizeOfImage(g),
  stride: dilation,
  padding,
  dilation: stride,
});

// Without the rows at the end that the forward pass never reached.
function kernelOf(graph: Graph, sums: GraphValue, { kernelSize }: Window): GraphValue {
  const [height, width] = kernelSize;
  const shape = [sums.shape[0]!, sums.shape[1]!, height, width];
  if (shape.join() === sums.shape.join()) return sums;
  return slice(
    graph,
    sums,
    shape.map((size) => ({ start: 0, size, step: 1 })),
  );
}

function channelsOf(graph: Graph, x: GraphValue, start: number, size: number): GraphValue {
  if (size === x.shape[1]) return x;
  const ranges = x.shape.map((length) => ({ start: 0, size: length, step: 1 }));
  ranges[1] = { start, size, step: 1 };
  return slice(graph, x, ranges);
}
