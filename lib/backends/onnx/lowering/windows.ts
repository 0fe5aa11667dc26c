// Convolution, its gradients and pooling as ONNX nodes, for every stride, padding, dilation and number of groups.
import { placesOf, reach, type Window } from "../../../window.ts";
import type { AveragePoolOptions, ConvolutionOptions, InputSize } from "../../backend.ts";
import type { Graph, GraphValue } from "../graph.ts";
import { concat, expand, reshape, slice, transpose } from "./moves.ts";

/** `[batch, inChannels, height, width]`, weight `-> [batch, outChannels, ...places]` */
export function conv2d(
  graph: Graph,
  input: GraphValue,
  weight: GraphValue,
  { window, groups }: ConvolutionOptions,
): GraphValue {
  const places = placesOf(window, sizeOfImage(input));
  const shape = [input.shape[0]!, weight.shape[0]!, ...places];
  const attributes = { ...slide(window), kernel_shape: window.kernelSize, group: groups };
  return graph.node("Conv", [input, weight], { shape, dtype: input.dtype }, { attributes });
}

/** `[batch, outChannels, ...places]`, weight `-> [batch, inChannels, height, width]` */
export function conv2dGradInput(
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
  return graph.node(
    "ConvTranspose",
    [gradOutput, weight],
    { shape, dtype: gradOutput.dtype },
    { attributes },
  );
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

/**
 * input, `[batch, outChannels, ...places] -> [outChannels, inChannels / groups, ...kernel]`
 *
 * A convolution again: the batch takes the place of the channels, the gradient that of the kernel, and stride
 * and dilation change places.
 */
export function conv2dGradWeight(
  graph: Graph,
  input: GraphValue,
  gradOutput: GraphValue,
  { window, groups }: ConvolutionOptions,
): GraphValue {
  const [channels, outChannels] = [input.shape[1]! / groups, gradOutput.shape[1]! / groups];
  const parts = Array.from({ length: groups }, (_, group) => {
    const x = channelsOf(graph, input, group * channels, channels);
    const g = channelsOf(graph, gradOutput, group * outChannels, outChannels);
    return gradWeightOf(graph, x, g, window);
  });
  return groups === 1 ? parts[0]! : concat(graph, parts, 0);
}

function gradWeightOf(graph: Graph, x: GraphValue, g: GraphValue, window: Window): GraphValue {
  const swapped: Window = {
    kernelSize: sizeOfImage(g),
    stride: window.dilation,
    padding: window.padding,
    dilation: window.stride,
  };
  const byChannel = (value: GraphValue): GraphValue => transpose(graph, value, [1, 0, 2, 3]);
  // [inChannels, outChannels, ...]: the kernel, and rows at the end that the forward pass never reached
  const sums = conv2d(graph, byChannel(x), byChannel(g), { window: swapped, groups: 1 });
  const [height, width] = window.kernelSize;
  const whole = { start: 0, step: 1 };
  const kernel = slice(graph, sums, [
    { ...whole, size: sums.shape[0]! },
    { ...whole, size: sums.shape[1]! },
    { ...whole, size: height },
    { ...whole, size: width },
  ]);
  return byChannel(kernel);
}

function channelsOf(graph: Graph, x: GraphValue, start: number, size: number): GraphValue {
  if (size === x.shape[1]) return x;
  const ranges = x.shape.map((length) => ({ start: 0, size: length, step: 1 }));
  ranges[1] = { start, size, step: 1 };
  return slice(graph, x, ranges);
}

/** `[batch, channels, height, width] -> [batch, channels, ...places]` */
export function maxPool2d(graph: Graph, x: GraphValue, window: Window): GraphValue {
  const shape = pooled(x, window);
  const attributes = { ...slide(window), kernel_shape: window.kernelSize };
  return graph.node("MaxPool", [x], { shape, dtype: x.dtype }, { attributes });
}

/** gradOutput goes to the first of the elements of `x` that equal the maximum, in each window */
export function maxPool2dGrad(
  graph: Graph,
  ...[gradOutput, x, , window]: readonly [GraphValue, GraphValue, GraphValue, Window]
): GraphValue {
  const shape = pooled(x, window);
  const attributes = { ...slide(window), kernel_shape: window.kernelSize };
  const outputs = [
    { shape, dtype: x.dtype },
    { shape, dtype: "int64" },
  ] as const;
  const [, positions] = graph.nodeWith(outputs, "MaxPool", [x], { attributes });
  const [count, size] = [flatSize(shape), flatSize(x.shape)];
  const zeros = expand(graph, graph.scalar(0), [size]);
  const scattered = graph.node(
    "ScatterElements",
    [zeros, reshape(graph, positions!, [count]), reshape(graph, gradOutput, [count])],
    { shape: [size], dtype: x.dtype },
    { attributes: { axis: 0, reduction: "add" } },
  );
  return reshape(graph, scattered, x.shape);
}

/** `[batch, channels, height, width] -> [batch, channels, ...places]` */
export function avgPool2d(
  graph: Graph,
  x: GraphValue,
  { window, countIncludePad }: AveragePoolOptions,
): GraphValue {
  const attributes = {
    ...slide(window),
    kernel_shape: window.kernelSize,
    count_include_pad: Number(countIncludePad),
  };
  const shape = pooled(x, window);
  return graph.node("AveragePool", [x], { shape, dtype: x.dtype }, { attributes });
}

/** `[batch, channels, ...places] -> [batch, channels, height, width]`: each share spread by a kernel of ones */
export function avgPool2dGrad(
  graph: Graph,
  gradOutput: GraphValue,
  { window, inputSize, countIncludePad }: AveragePoolOptions & InputSize,
): GraphValue {
  const channels = gradOutput.shape[1]!;
  const elements = window.kernelSize[0] * window.kernelSize[1];
  const counts = countIncludePad ? undefined : countsInside(window, inputSize);
  const share =
    counts === undefined
      ? graph.scalar(1 / elements)
      : graph.constant(counts, { shape: [1, 1, ...placesOf(window, inputSize)], dtype: "float32" });
  const shares = graph.node("Mul", [gradOutput, share], gradOutput);
  const ones = expand(graph, graph.scalar(1), [channels, 1, ...window.kernelSize]);
  return conv2dGradInput(graph, shares, ones, { window, groups: channels, inputSize });
}

// 1 / number of elements of the image in the window at each place.
function countsInside(window: Window, inputSize: readonly [number, number]): Float32Array {
  const [height, width] = placesOf(window, inputSize);
  const along = (axis: 0 | 1, place: number): number => {
    const start = place * window.stride[axis] - window.padding[axis][0];
    const positions = Array.from(
      { length: window.kernelSize[axis] },
      (_, k) => start + k * window.dilation[axis],
    );
    return positions.filter((at) => at >= 0 && at < inputSize[axis]).length;
  };
  return Float32Array.from(
    { length: height * width },
    (_, k) => 1 / (along(0, Math.floor(k / width)) * along(1, k % width)),
  );
}

const slide = ({ stride, padding, dilation }: Window) => ({
  strides: stride,
  dilations: dilation,
  pads: [padding[0][0], padding[1][0], padding[0][1], padding[1][1]],
});

const sizeOfImage = (x: GraphValue): [number, number] => [x.shape[2]!, x.shape[3]!];

const pooled = (x: GraphValue, window: Window): number[] => [
  ...x.shape.slice(0, 2),
  ...placesOf(window, sizeOfImage(x)),
];

const flatSize = (shape: readonly number[]): number =>
  shape.reduce((size, length) => size * length, 1);
