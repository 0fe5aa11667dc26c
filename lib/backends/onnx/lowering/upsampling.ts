// Upsampling as ONNX nodes, plainly or in blocks of channels.
import { type Graph, type GraphValue, NCHWC } from "../graph.ts";
import { BlockedValue, fitsBlocks, inBlocks } from "./blocks.ts";
import { sizeOfImage } from "./slide.ts";

/** `[batch, channels, height, width] -> [batch, channels, height * by[0], width * by[1]]` */
export const upsampleNearest = (
  graph: Graph,
  x: GraphValue,
  by: readonly [number, number],
): GraphValue =>
  fitsBlocks(graph, x.shape[1]!)
    ? new BlockedValue(graph, { shape: enlargedShape(x, by) }, () =>
        enlargedInBlocks(graph, tinyInBlocks(graph, x), by),
      )
    : enlarged(graph, x, by);

/** Every pixel of `[batch, channels, height, width]` as a rectangle of pixels. */
export function enlarged(graph: Graph, x: GraphValue, by: readonly [number, number]): GraphValue {
  const scales = graph.constant(Float32Array.of(1, 1, ...by), { shape: [4], dtype: "float32" });
  return graph.node(
    "Resize",
    [x, undefined, scales],
    { shape: enlargedShape(x, by), dtype: x.dtype },
    {
      attributes: {
        mode: "nearest",
        coordinate_transformation_mode: "asymmetric",
        nearest_mode: "floor",
      },
    },
  );
}

/** The same for `[batch, channels, height, width]` in blocks. */
export function enlargedInBlocks(
  graph: Graph,
  blocked: GraphValue,
  by: readonly [number, number],
): GraphValue {
  const type = { shape: enlargedShape(blocked, by), dtype: blocked.dtype };
  const attributes = { scales: [1, 1, ...by], mode: "nearest" };
  return graph.node("Upsample", [blocked], type, { domain: NCHWC, attributes });
}

const enlargedShape = ({ shape }: GraphValue, by: readonly [number, number]): number[] => [
  ...shape.slice(0, 2),
  shape[2]! * by[0],
  shape[3]! * by[1],
];

// Images of one pixel are the same in blocks as they are plainly.
const tinyInBlocks = (graph: Graph, x: GraphValue): GraphValue =>
  sizeOfImage(x).join() === "1,1" ? x : inBlocks(graph, x);
