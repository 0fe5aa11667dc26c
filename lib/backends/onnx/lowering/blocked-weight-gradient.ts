// The gradient of a convolution's weight in blocks: as the kernel of a convolution whose channels are the batch.
import { NO_EDGE, type Window } from "../../../window.ts";
import { type Graph, type GraphValue, NCHWC } from "../graph.ts";
import { BlockedConvolution, imagesAsKernels } from "./blocked.ts";
import { fitsBlocks, inBlocks } from "./blocks.ts";
import { withEdgeInBlocks } from "./channel-affine.ts";
import { concat, pad, reshape, slice, transpose } from "./moves.ts";
import { sizeOfImage } from "./slide.ts";

/** How images become channels. */
interface Plan {
  /** Parts of `height / bands` rows into which every image is cut: together they are whole blocks. */
  readonly bands: number;
  /** Channels that lie side by side in a row of pixels. */
  readonly depth: number;
  readonly window: Window;
}

/**
 * input `[batch, inChannels, height, width]`, `[batch, outChannels, ...places] -> [outChannels, inChannels, ...kernel]`
 *
 * The images are the channels, and the gradient is the kernel. Where the batch is no whole block, images are cut into
 * bands of rows, and the bands are as good as images. The edge is added beforehand, because so large a kernel is slow
 * at it.
 *
 * @returns undefined where batch or channels are no whole blocks
 */
export function gradWeightInBlocks(
  graph: Graph,
  x: GraphValue,
  g: GraphValue,
  window: Window,
): GraphValue | undefined {
  if (!fitsBlocks(graph, g.shape[1]!)) return undefined;
  const bands = bandsFor(graph, g, window);
  if (bands === undefined) return undefined;
  const isDeep = fitsBlocks(graph, x.shape[1]!) && window.dilation[1] === 1;
  const plan = { bands, depth: isDeep ? graph.blockSize : 1, window };
  const images = imagesAsChannels(graph, x, { ...plan, rows: g.shape[2]! / bands });
  const kernels = imagesAsKernels(graph, inBlocks(graph, g), bands);
  // [inChannels / depth, outChannels, kernelHeight, kernelWidth * depth]
  const sums = new BlockedConvolution(graph, images, kernels, windowFor(kernels, plan));
  return outputsFirst(graph, kernelOf(graph, sums, window, plan.depth), plan);
}

// Bands per image that make whole blocks of the batch; neighbours share rows, so none may be lower than the kernel.
function bandsFor({ blockSize }: Graph, g: GraphValue, { kernelSize }: Window): number | undefined {
  const [batch, , outHeight] = g.shape as [number, number, number];
  let bands = 1;
  while ((batch * bands) % blockSize !== 0) bands *= 2;
  const isEven = bands === 1 || (outHeight % bands === 0 && outHeight / bands >= kernelSize[0]);
  return isEven ? bands : undefined;
}

// One pixel to the right is `depth` numbers to the right: all channels of a block are places of the kernel. So every
// number of the gradient that is loaded meets six places at a time and not three, which is what the time depends on.
function windowFor(kernels: GraphValue, { depth, window }: Plan): Window {
  const { dilation, ...rest } = gradientAsKernel(kernels, window);
  return { ...rest, dilation: [dilation[0], dilation[1] * depth], padding: NO_EDGE };
}

// [batch, channels, height, width] to [channels / depth, bands * batch, rows of a band, width * depth] in blocks.
function imagesAsChannels(
  graph: Graph,
  x: GraphValue,
  { bands, depth, window, rows }: Plan & { readonly rows: number },
): GraphValue {
  const { stride, kernelSize, dilation, padding } = window;
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const shape = [batch, channels / depth, height, width * depth];
  const flat = depth === 1 ? x : reshape(graph, inBlocks(graph, x), shape);
  const exchanged = transpose(graph, flat, [1, 0, 2, 3]);
  const [above, [left, right]] = padding;
  const beside = [left * depth, right * depth] as const;
  if (bands === 1) {
    return withEdgeInBlocks(graph, inBlocks(graph, exchanged), { padding: [above, beside] });
  }
  const tall = pad(graph, exchanged, [[0, 0], [0, 0], above, [0, 0]], 0);
  const size = (rows - 1) * stride[0] + (kernelSize[0] - 1) * dilation[0] + 1;
  const pieces = Array.from({ length: bands }, (_, band) => {
    const ranges = tall.shape.map((length) => ({ start: 0, size: length, step: 1 }));
    ranges[2] = { start: band * rows * stride[0], size, step: 1 };
    const piece = [(channels / depth) * batch, 1, size * width * depth];
    return reshape(graph, slice(graph, tall, ranges), piece);
  });
  const together = [channels / depth, batch * bands, size, width * depth];
  const images = reshape(graph, concat(graph, pieces, 1), together);
  return withEdgeInBlocks(graph, inBlocks(graph, images), { padding: [[0, 0], beside] });
}

// [inChannels / depth, outChannels, kernelHeight, kernelWidth * depth] to [outChannels, inChannels, ...kernel]
function outputsFirst(graph: Graph, sums: GraphValue, { depth, window }: Plan): GraphValue {
  const [inBlock, outChannels] = sums.shape as [number, number];
  const { kernelSize } = window;
  if (depth === 1) return transpose(graph, sums, [1, 0, 2, 3]);
  const blocked = reshape(graph, sums, [inBlock * outChannels, depth, ...kernelSize]);
  const plain = graph.node("ReorderOutput", [blocked], blocked, {
    domain: NCHWC,
    attributes: { channels: depth },
  });
  const size = depth * kernelSize[0] * kernelSize[1];
  const byInput = reshape(graph, plain, [inBlock, outChannels, size]);
  const byOutput = transpose(graph, byInput, [1, 0, 2]);
  return reshape(graph, byOutput, [outChannels, inBlock * depth, ...kernelSize]);
}

/** Gradients `[batch, outChannels, ...places]` as the kernel that slides over the input: steps and gaps change places. */
export const gradientAsKernel = (g: GraphValue, { stride, padding, dilation }: Window): Window => ({
  kernelSize: sizeOfImage(g),
  stride: dilation,
  padding,
  dilation: stride,
});

/** `[..., kernelHeight, kernelWidth * depth]` without the rows at the end that the forward pass never reached. */
export function kernelOf(
  graph: Graph,
  sums: GraphValue,
  { kernelSize }: Window,
  depth = 1,
): GraphValue {
  const [height, width] = kernelSize;
  const shape = [sums.shape[0]!, sums.shape[1]!, height, width * depth];
  if (shape.join() === sums.shape.join()) return sums;
  return slice(
    graph,
    sums,
    shape.map((size) => ({ start: 0, size, step: 1 })),
  );
}
