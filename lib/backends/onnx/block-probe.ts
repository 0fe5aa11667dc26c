// Whether this machine's ONNX Runtime convolves in blocks of channels, and how wide a block is: tried out, once.
import { sizeOf } from "../../shape.ts";
import { Graph } from "./graph.ts";
import { blockedConv2d, inBlocks, kernelsInBlocks } from "./lowering/blocked.ts";
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
    const [plain, blocked] = [0, width].map((blockWidth) => convolve(runtime, width, blockWidth));
    return plain!.every((value, index) => Math.abs(value - blocked![index]!) < TOLERANCE);
  } catch {
    return false;
  }
}

// One small convolution of `channels` channels, in blocks or plainly.
function convolve(runtime: OnnxRuntime, channels: number, blockWidth: number): Float32Array {
  const graph = new Graph(undefined, { blockSize: blockWidth });
  const [imageShape, weightShape] = [
    [1, channels, 4, 4],
    [channels, channels, 3, 3],
  ] as const;
  const image = graph.input("image", { shape: imageShape, dtype: "float32" });
  const weight = graph.input("weight", { shape: weightShape, dtype: "float32" });
  const window = {
    kernelSize: [3, 3],
    stride: [1, 1],
    padding: [
      [1, 1],
      [1, 1],
    ],
    dilation: [1, 1],
  } as const;
  const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
  const output =
    blockWidth > 0
      ? blockedConv2d(graph, inBlocks(graph, image), kernelsInBlocks(graph, weight), window)
      : graph.node("Conv", [image, weight], image, { attributes });
  graph.output(output, "out");
  const wave = (shape: readonly number[]): Float32Array =>
    Float32Array.from({ length: sizeOf(shape) }, (_, k) => Math.sin(k));
  const inputs = {
    image: runtime.tensor("float32", wave(imageShape), imageShape),
    weight: runtime.tensor("float32", wave(weightShape), weightShape),
  };
  const session = runtime.session(graph.toBytes());
  try {
    return session.run(inputs, { out: null }, {})["out"]!.data as Float32Array;
  } finally {
    session.dispose();
  }
}
