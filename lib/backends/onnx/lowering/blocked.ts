// Convolution on channels in blocks: sixteen channels of a pixel lie side by side, as wide registers want them.
import { placesOf, type Window } from "../../../window.ts";
import { type Graph, type GraphValue, NCHWC } from "../graph.ts";
import { reshape, transpose } from "./moves.ts";
import { sizeOfImage, slide } from "./slide.ts";

/** Whether a convolution can be done in blocks: both numbers of channels are whole blocks. */
export function fitsBlocks(graph: Graph, inChannels: number, outChannels: number): boolean {
  const { blockSize } = graph;
  return blockSize > 0 && inChannels % blockSize === 0 && outChannels % blockSize === 0;
}

/**
 * `[batch, inChannels, height, width]`, weight `-> [batch, outChannels, ...places]`
 *
 * ONNX Runtime arranges weights so by itself only when they are constants; here they change in every step, and are
 * arranged in the graph.
 */
export function blockedConv2d(
  graph: Graph,
  input: GraphValue,
  weight: GraphValue,
  window: Window,
): GraphValue {
  const [outChannels] = weight.shape as [number];
  const shape = [input.shape[0]!, outChannels, ...placesOf(window, sizeOfImage(input))];
  const type = { shape, dtype: input.dtype };
  const blocked = graph.node("ReorderInput", [input], input, { domain: NCHWC });
  const output = graph.node("Conv", [blocked, blockedWeight(graph, weight)], type, {
    domain: NCHWC,
    attributes: { ...slide(window), kernel_shape: window.kernelSize, group: 1 },
  });
  return graph.node("ReorderOutput", [output], type, {
    domain: NCHWC,
    attributes: { channels: outChannels },
  });
}

// [outBlocks, block, inBlocks, block, height, width] to [outBlocks, inBlocks, height, width, block, block]
function blockedWeight(graph: Graph, weight: GraphValue): GraphValue {
  const [outChannels, inChannels, height, width] = weight.shape as [number, number, number, number];
  const block = graph.blockSize;
  const blocks = [outChannels / block, block, inChannels / block, block, height, width];
  const arranged = transpose(graph, reshape(graph, weight, blocks), [0, 2, 4, 5, 3, 1]);
  return reshape(graph, arranged, weight.shape);
}
