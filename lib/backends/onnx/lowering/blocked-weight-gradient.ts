// The gradient of a convolution's weight in blocks: as the kernel of a convolution whose channels are the batch.
import { NO_EDGE, type Window } from "../../../window.ts";
import { type Graph, type GraphValue, NCHWC } from "../graph.ts";
import { BlockedConvolution } from "./blocked.ts";
import { fitsBlocks, inBlocks } from "./blocks.ts";
import { withEdgeInBlocks } from "./channel-affine.ts";
import { pad, reshape, slice, transpose } from "./moves.ts";
import { sizeOfImage } from "./slide.ts";

/** How images become channels. */
interface Plan {
  /** Images that are channels. The others continue these: their rows take turns with those of the first ones. */
  readonly images: number;
  /** Channels that lie side by side in a row of pixels. */
  readonly depth: number;
  readonly window: Window;
}

/**
 * input `[batch, inChannels, height, width]`, `[batch, outChannels, ...places] -> [outChannels, inChannels, ...kernel]`
 *
 * The images are the channels, and the gradient is the kernel. A convolution reads fewer channels than a block as they
 * are, and fewer they are made: so only whole rows are moved, and never single numbers. The edge is added beforehand,
 * because so large a kernel is slow at it.
 *
 * @returns undefined where the output's channels are no whole blocks
 */
export function gradWeightInBlocks(
  graph: Graph,
  x: GraphValue,
  g: GraphValue,
  window: Window,
): GraphValue | undefined {
  if (!fitsBlocks(graph, g.shape[1]!)) return undefined;
  const isDeep = fitsBlocks(graph, x.shape[1]!) && window.dilation[1] === 1;
  const images = imagesFor(graph, g.shape[0]!);
  const plan = { images, depth: isDeep ? graph.blockSize : 1, window };
  const channels = imagesAsChannels(graph, x, { ...plan, outHeight: g.shape[2]! });
  const kernels = imagesAsKernels(graph, g, images);
  // [inChannels / depth, outChannels, kernelHeight, kernelWidth * depth]
  const sums = new BlockedConvolution(graph, channels, kernels, windowFor(g, plan));
  return outputsFirst(graph, kernelOf(graph, sums, window, plan.depth), plan);
}

// As many as divide the batch, and are no block.
function imagesFor({ blockSize }: Graph, batch: number): number {
  let images = Math.min(batch, blockSize - 1);
  while (batch % images !== 0) images--;
  return images;
}

// One pixel to the right is `depth` numbers to the right: all channels of a block are places of the kernel. So every
// number of the gradient that is loaded meets six places at a time and not three, which is what the time depends on.
function windowFor(g: GraphValue, { images, depth, window }: Plan): Window {
  const [batch, , outHeight, outWidth] = g.shape as [number, number, number, number];
  const stacks = batch / images;
  return {
    kernelSize: [outHeight * stacks, outWidth],
    stride: [stacks * (hasSteps(window) ? outHeight : window.dilation[0]), window.dilation[1]],
    dilation: [1, window.stride[1] * depth],
    padding: NO_EDGE,
  };
}

const hasSteps = ({ stride }: Window): boolean => stride[0] > 1;

// [batch, channels, height, width] to [channels / depth, images, rows * stacks, width * depth]. Where the window steps
// over rows, each row of the kernel has the rows that it met for itself, in the order in which it met them.
function imagesAsChannels(
  graph: Graph,
  x: GraphValue,
  { images, depth, window, outHeight }: Plan & { readonly outHeight: number },
): GraphValue {
  const padded = withEdge(graph, x, { depth, window });
  const [batch, channels, height, width] = padded.shape as [number, number, number, number];
  const planes = reshape(graph, padded, [batch, channels / depth, height, width * depth]);
  const { kernelSize, stride, dilation } = window;
  const met = (k: number): number =>
    Math.floor(k / outHeight) * dilation[0] + (k % outHeight) * stride[0];
  const rows = hasSteps(window) ? upTo(kernelSize[0] * outHeight).map(met) : upTo(height);
  return stacked(graph, planes, { images, rows });
}

function withEdge(
  graph: Graph,
  x: GraphValue,
  { depth, window: { padding } }: Pick<Plan, "depth" | "window">,
): GraphValue {
  if (depth > 1) return withEdgeInBlocks(graph, inBlocks(graph, x), { padding });
  if (padding.flat().every((edge) => edge === 0)) return x;
  return pad(graph, x, [[0, 0], [0, 0], ...padding], 0);
}

// [batch, outChannels, height, width] to [outChannels, images, height * stacks, width], arranged as a blocked convolution
// reads kernels of fewer inputs than a block: [outBlocks, images, height * stacks, width, block of outputs].
function imagesAsKernels(graph: Graph, g: GraphValue, images: number): GraphValue {
  const [batch, channels, height, width] = g.shape as [number, number, number, number];
  const { blockSize } = graph;
  const planes = [batch, channels / blockSize, height, width * blockSize];
  const kernels = stacked(graph, reshape(graph, inBlocks(graph, g), planes), {
    images,
    rows: upTo(height),
  });
  return reshape(graph, kernels, [channels, images, (height * batch) / images, width]);
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

// [batch, planes, height, width] to [planes, images, rows * stacks, width]: row after row, each of all stacks in turn. It
// is one copy of whole rows, by several threads.
function stacked(
  graph: Graph,
  x: GraphValue,
  { images, rows }: Pick<Plan, "images"> & { readonly rows: readonly number[] },
): GraphValue {
  const [batch, planes, height, width] = x.shape as [number, number, number, number];
  const stacks = batch / images;
  const positions: number[] = [];
  for (let plane = 0; plane < planes; plane++) {
    for (let image = 0; image < images; image++) {
      for (const row of rows) {
        for (let at = image; at < batch; at += images) {
          positions.push((at * planes + plane) * height + row);
        }
      }
    }
  }
  const all = reshape(graph, x, [batch * planes * height, width]);
  const type = { shape: [positions.length, width], dtype: x.dtype };
  const chosen = graph.node("Gather", [all, graph.integers(positions)], type);
  return reshape(graph, chosen, [planes, images, rows.length * stacks, width]);
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
