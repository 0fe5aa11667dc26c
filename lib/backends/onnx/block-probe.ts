// Whether this machine's ONNX Runtime computes in blocks of channels, and how wide a block is: tried out, once.
import { sizeOf } from "../../shape.ts";
import { Graph, type GraphValue } from "./graph.ts";
import { modelFile } from "./model-file.ts";
import { conv2d } from "./lowering/convolution.ts";
import { binary, unary } from "./lowering/elementwise.ts";
import { maxPool2dGrad } from "./lowering/max-pool-gradient.ts";
import { maxPool2d } from "./lowering/pooling.ts";
import { reduce } from "./lowering/reductions.ts";
import type { OnnxRuntime } from "./runtime.ts";

/** Widths of a block by processor: 16 with 512-bit registers, 8 with 256-bit ones. */
const WIDTHS = [16, 8];
/** Sums of 144 products in float32. */
const TOLERANCE = 1e-4;

let found: number | undefined;

/**
 * Channels of a block; 0 where the operators are missing or give other numbers.
 *
 * The operators are ONNX Runtime's own, made for its optimiser: nobody promises that they stay.
 */
export function blockSize(runtime: OnnxRuntime): number {
  return (found ??= WIDTHS.find((width) => isRight(runtime, width)) ?? 0);
}

function isRight(runtime: OnnxRuntime, width: number): boolean {
  try {
    const [plain, blocked] = [0, width].map((blockWidth) => tryOut(runtime, width, blockWidth));
    return plain!.every((value, index) => Math.abs(value - blocked![index]!) < TOLERANCE);
  } catch {
    return false;
  }
}

// A small net of `channels` channels with every operator on blocks, in blocks or plainly.
function tryOut(runtime: OnnxRuntime, channels: number, blockWidth: number): Float32Array {
  const graph = new Graph(undefined, { blockSize: blockWidth });
  const [imageShape, weightShape] = [
    [1, channels, 4, 4],
    [channels, channels, 3, 3],
  ] as const;
  const image = graph.input("image", { shape: imageShape, dtype: "float32" });
  const weight = graph.input("weight", { shape: weightShape, dtype: "float32" });
  const output = smallNet(graph, image, weight);
  graph.output(output, "out");
  const wave = (shape: readonly number[]): Float32Array =>
    Float32Array.from({ length: sizeOf(shape) }, (_, k) => Math.sin(k));
  const inputs = {
    image: runtime.tensor("float32", wave(imageShape), imageShape),
    weight: runtime.tensor("float32", wave(weightShape), weightShape),
  };
  const session = runtime.session(modelFile(graph));
  try {
    return session.run(inputs, { out: null }, {})["out"]!.data as Float32Array;
  } finally {
    session.dispose();
  }
}

function smallNet(graph: Graph, image: GraphValue, weight: GraphValue): GraphValue {
  const edge = (width: number): readonly [number, number] => [width, width];
  const window = {
    kernelSize: [3, 3],
    stride: [1, 1],
    padding: [edge(1), edge(1)],
    dilation: [1, 1],
  } as const;
  const tile = {
    ...window,
    kernelSize: [2, 2],
    stride: [2, 2],
    padding: [edge(0), edge(0)],
  } as const;
  const x = conv2d(graph, image, weight, { window, groups: 1 });
  const mean = reduce(graph, "mean", x, { axes: [0, 2, 3], keepDims: true });
  const active = unary(graph, "relu", binary(graph, "sub", x, mean));
  const pooled = maxPool2d(graph, active, tile);
  const gradient = maxPool2dGrad(graph, pooled, active, pooled, tile);
  return binary(graph, "sub", binary(graph, "mul", gradient, mean), active);
}
