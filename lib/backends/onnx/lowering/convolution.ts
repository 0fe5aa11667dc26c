// Convolution and the gradient of its input as ONNX nodes: a way that always works, and faster ones where they apply.
import { type Pair, placesOf, reach, type Window } from "../../../window.ts";
import type { ConvolutionOptions, InputSize } from "../../backend.ts";
import type { Graph, GraphValue } from "../graph.ts";
import { BlockedConvolution, kernelsInBlocks, turnedKernelsInBlocks } from "./blocked.ts";
import { fitsBlocks, inBlocks } from "./blocks.ts";
import { isPerChannel, vector } from "./channel-affine.ts";
import { DeferredValue } from "./deferred.ts";
import { reshape, slice, transpose } from "./moves.ts";
import { matmul } from "./products.ts";
import { sizeOfImage, slide } from "./slide.ts";

/** From so many channels on, a convolution keeps the registers full, and needs no other arrangement. */
const MANY_CHANNELS = 16;

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
  if (groups > 1 || graph.family === "standard") {
    return byTransposedConvolution(graph, gradOutput, weight, options);
  }
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
