// The gradient of a convolution's weight as ONNX nodes: by products of parts, or image by image for few channels.
import type { Window } from "../../../window.ts";
import type { ConvolutionOptions } from "../../backend.ts";
import type { Graph, GraphValue } from "../graph.ts";
import { gradientAsKernel, gradWeightInBlocks, kernelOf } from "./blocked-weight-gradient.ts";
import { conv2d } from "./convolution.ts";
import { concat, pad, reshape, slice, transpose } from "./moves.ts";
import { matmul } from "./products.ts";
import { reduce } from "./reductions.ts";

/** Fewer channels make parts too thin for a product of them. */
const MANY_CHANNELS = 16;
/** Images that share one group of a weight gradient with few channels. */
const IMAGES_PER_GROUP = 8;

/** input, `[batch, outChannels, ...places] -> [outChannels, inChannels / groups, ...kernel]` */
export function conv2dGradWeight(
  graph: Graph,
  input: GraphValue,
  gradOutput: GraphValue,
  { window, groups }: ConvolutionOptions,
): GraphValue {
  const [channels, outChannels] = [input.shape[1]! / groups, gradOutput.shape[1]! / groups];
  const inBlocks = groups === 1 ? gradWeightInBlocks(graph, input, gradOutput, window) : undefined;
  if (inBlocks) return inBlocks;
  const isFew = groups === 1 && channels < MANY_CHANNELS;
  if (isFew) return imageByImage(graph, input, gradOutput, window);
  const parts = Array.from({ length: groups }, (_, group) => {
    const x = channelsOf(graph, input, group * channels, channels);
    const g = channelsOf(graph, gradOutput, group * outChannels, outChannels);
    return byParts(graph, x, g, window);
  });
  return groups === 1 ? parts[0]! : concat(graph, parts, 0);
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

function channelsOf(graph: Graph, x: GraphValue, start: number, size: number): GraphValue {
  if (size === x.shape[1]) return x;
  const ranges = x.shape.map((length) => ({ start: 0, size: length, step: 1 }));
  ranges[1] = { start, size, step: 1 };
  return slice(graph, x, ranges);
}
