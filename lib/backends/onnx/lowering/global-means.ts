// Sums and means over whole images in blocks of channels.
import type { ReduceName, ReduceOptions } from "../../backend.ts";
import { type Graph, type GraphValue, NCHWC } from "../graph.ts";
import { BlockedValue } from "./blocks.ts";
import { reshape } from "./moves.ts";

/** Sums of up to so many float32 numbers lose less than one digit in ten thousand. */
const LONGEST_SUM = 1024;

/** Mean of every channel of every image: `[batch, channels, height, width]` in blocks `-> [batch, channels]` */
export function meansOfImages(graph: Graph, x: BlockedValue): GraphValue {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const { blockSize } = graph;
  const mean = (blocked: GraphValue): GraphValue =>
    graph.node(
      "GlobalAveragePool",
      [blocked],
      { shape: [blocked.shape[0]!, blocked.shape[1]!, 1, 1], dtype: "float32" },
      { domain: NCHWC },
    );
  if (height * width <= LONGEST_SUM) {
    return reshape(graph, mean(x.blocked), [batch, channels]);
  }
  // Every row as an image of its own, then the means of the rows.
  const rows = [(batch * channels * height) / blockSize, blockSize, 1, width];
  const ofRows = mean(reshape(graph, x.blocked, rows));
  return reshape(graph, mean(reshape(graph, ofRows, [batch, channels, 1, height])), [
    batch,
    channels,
  ]);
}

/** Sum or mean over height and width, over the batch as well, or over everything; undefined for all else. */
export function reduceInBlocks(
  graph: Graph,
  name: ReduceName,
  x: GraphValue,
  { axes }: ReduceOptions,
): GraphValue | undefined {
  if (!(x instanceof BlockedValue) || name === "max") return undefined;
  const overAll = axes.length === x.shape.length;
  const overImages = axes.join() === "2,3";
  if (!overAll && !overImages && axes.join() !== "0,2,3") return undefined;
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const means = meansOfImages(graph, x);
  const count = name === "sum" ? height * width : 1;
  if (overImages)
    return count === 1 ? means : graph.node("Mul", [means, graph.scalar(count)], means);
  const weights = new Float32Array(batch).fill(name === "sum" ? count : 1 / batch);
  const row = graph.constant(weights, { shape: [1, batch], dtype: "float32" });
  const perChannel = { shape: [1, channels], dtype: "float32" } as const;
  const ofChannels = graph.node("MatMul", [row, means], perChannel);
  if (!overAll) return ofChannels;
  const column = new Float32Array(channels).fill(name === "sum" ? 1 : 1 / channels);
  const rest = graph.constant(column, { shape: [channels, 1], dtype: "float32" });
  return graph.node("MatMul", [ofChannels, rest], { shape: [1, 1], dtype: "float32" });
}
