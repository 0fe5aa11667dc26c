// Convolution on channels in blocks, and kernels and images arranged for it.
import { placesOf, type Window } from "../../../window.ts";
import { type Graph, type GraphValue, NCHWC } from "../graph.ts";
import { BlockedValue, inBlocks } from "./blocks.ts";
import { reshape, slice, transpose } from "./moves.ts";
import { sizeOfImage, slide } from "./slide.ts";

/** What a blocked convolution does on the way out. */
interface Finish {
  /** `[outChannels]` */
  readonly bias?: GraphValue | undefined;
  readonly activation?: "Relu" | undefined;
}

/** A convolution in blocks that waits for what comes after it: a bias and a cut at 0 cost nothing inside of it. */
export class BlockedConvolution extends BlockedValue {
  /** Adds the node. @returns `[batch, outChannels, ...places]` in blocks */
  readonly compute: (finish: Finish) => GraphValue;

  /**
   * `[batch, inChannels, height, width] -> [batch, outChannels, ...places]`
   *
   * @param input - in blocks, or plain with fewer channels than a block
   * @param kernels - `[outChannels, inChannels, ...kernel]`, arranged by one of the functions below
   */
  constructor(graph: Graph, input: GraphValue, kernels: GraphValue, window: Window) {
    const shape = [input.shape[0]!, kernels.shape[0]!, ...placesOf(window, sizeOfImage(input))];
    const compute = ({ bias, activation }: Finish): GraphValue =>
      graph.node(
        "Conv",
        bias ? [input, kernels, bias] : [input, kernels],
        { shape, dtype: "float32" },
        {
          domain: NCHWC,
          attributes: {
            ...slide(window),
            kernel_shape: window.kernelSize,
            group: 1,
            ...(activation && { activation }),
          },
        },
      );
    super(graph, { shape }, () => compute({}));
    this.compute = compute;
  }
}

/**
 * Kernels `[outChannels, inChannels, height, width]` as a blocked convolution reads them:
 * [outBlocks, inBlocks, height, width, block of inputs, block of outputs]; fewer inputs than a block are no block.
 *
 * ONNX Runtime arranges constant ones so by itself; these change in every step. Sixteen kernels side by side are an
 * image of sixteen channels, and then whole blocks move: a tenth of the time of moving every number by itself.
 */
export function kernelsInBlocks(graph: Graph, weight: GraphValue): GraphValue {
  const [outChannels, inChannels, height, width] = weight.shape as [number, number, number, number];
  const { blockSize } = graph;
  const [blocks, places] = [outChannels / blockSize, height * width];
  const images = reshape(graph, weight, [blocks, blockSize, inChannels * height, width]);
  const outputsLast = inBlocks(graph, images); // [outBlocks, inChannels, places, block of outputs]
  if (inChannels < blockSize) return reshape(graph, outputsLast, weight.shape);
  const axes = [blocks, inChannels / blockSize, blockSize, places, blockSize];
  const arranged = transpose(graph, reshape(graph, outputsLast, axes), [0, 1, 3, 2, 4]);
  return reshape(graph, arranged, weight.shape);
}

/**
 * Kernels `[outChannels, inChannels, height, width]` turned by 180 degrees, inputs and outputs exchanged:
 * `[inChannels, outChannels, height, width]` in blocks.
 */
export function turnedKernelsInBlocks(graph: Graph, weight: GraphValue): GraphValue {
  const [outChannels, inChannels, height, width] = weight.shape as [number, number, number, number];
  const block = graph.blockSize;
  const [pairs, places] = [outChannels * inChannels, height * width];
  const pairsLast = transpose(graph, reshape(graph, weight, [pairs, places]), [1, 0]);
  const turned = slice(graph, pairsLast, [
    { start: places - 1, size: places, step: -1 },
    { start: 0, size: pairs, step: 1 },
  ]);
  const axes = [places, outChannels / block, block, inChannels / block, block];
  const arranged = transpose(graph, reshape(graph, turned, axes), [3, 1, 0, 2, 4]);
  return reshape(graph, arranged, [inChannels, outChannels, height, width]);
}
