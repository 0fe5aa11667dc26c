// Pooling as ONNX nodes, and the gradient of the mean.
import { placesOf, type Window } from "../../../window.ts";
import type { AveragePoolOptions, InputSize } from "../../backend.ts";
import { type Graph, type GraphValue, NCHWC } from "../graph.ts";
import type { Attribute } from "../graph-contents.ts";
import { BlockedValue, fitsBlocks, inBlocks, regrouped, ungrouped } from "./blocks.ts";
import { conv2dGradInput } from "./convolution.ts";
import { meansOfImages } from "./global-means.ts";
import { expand, reshape } from "./moves.ts";
import { pooledShape, sizeOfImage, slide } from "./slide.ts";
import { upsampleNearest } from "./upsampling.ts";

/** `[batch, channels, height, width] -> [batch, channels, ...places]` */
export function maxPool2d(graph: Graph, x: GraphValue, window: Window): GraphValue {
  if (isWholeImage(graph, x, window)) return overImages(graph, "GlobalMaxPool", x);
  // MaxPool may pass over a NaN beside other numbers. The mean of the window would tell: 3 % of the time of LeNet's step.
  const images = regrouped(graph, x) ?? x;
  const output = pooled(graph, "MaxPool", images, window);
  if (images === x || !(output instanceof BlockedValue)) return output;
  return ungrouped(graph, output, pooledShape(x, window));
}

/** `[batch, channels, height, width] -> [batch, channels, ...places]` */
export function avgPool2d(
  graph: Graph,
  x: GraphValue,
  { window, countIncludePad }: AveragePoolOptions,
): GraphValue {
  const shape = pooledShape(x, window);
  if (x instanceof BlockedValue && tilesEvenly(x, window) && shape[2] === 1 && shape[3] === 1) {
    return reshape(graph, meansOfImages(graph, x), shape);
  }
  if (isWholeImage(graph, x, window)) return overImages(graph, "GlobalAveragePool", x);
  return pooled(graph, "AveragePool", x, window, { count_include_pad: Number(countIncludePad) });
}

// A file says that a window is the whole image, whatever its size.
const isWholeImage = (graph: Graph, x: GraphValue, window: Window): boolean =>
  graph.family === "standard" &&
  tilesEvenly(x, window) &&
  window.kernelSize.join() === sizeOfImage(x).join();

// [batch, channels, height, width] -> [batch, channels, 1, 1]
const overImages = (graph: Graph, operator: string, x: GraphValue): GraphValue =>
  graph.node(operator, [x], { shape: [...x.shape.slice(0, 2), 1, 1], dtype: x.dtype });

type Settings = Readonly<Record<string, Attribute>>;

// In blocks where the channels are whole blocks.
const pooled = (
  graph: Graph,
  operator: string,
  x: GraphValue,
  ...[window, settings]: readonly [Window, Settings?]
): GraphValue =>
  fitsBlocks(graph, x.shape[1]!)
    ? new BlockedValue(graph, { shape: pooledShape(x, window) }, () =>
        poolInBlocks(graph, operator, inBlocks(graph, x), window, settings),
      )
    : pool(graph, operator, x, window, settings);

/** `[batch, channels, height, width] -> [batch, channels, ...places]`, plainly */
export function pool(
  graph: Graph,
  operator: string,
  x: GraphValue,
  ...[window, settings = {}, domain = ""]: readonly [Window, Settings?, string?]
): GraphValue {
  const attributes = { ...slide(window), kernel_shape: window.kernelSize, ...settings };
  const type = { shape: pooledShape(x, window), dtype: x.dtype };
  return graph.node(operator, [x], type, { attributes, domain });
}

/** `[batch, channels, height, width]` in blocks `-> [batch, channels, ...places]` in blocks */
export const poolInBlocks = (
  graph: Graph,
  operator: string,
  blocked: GraphValue,
  ...[window, settings]: readonly [Window, Settings?]
): GraphValue => pool(graph, operator, blocked, window, settings, NCHWC);

/** Whether the windows lie side by side on `[batch, channels, height, width]`, and nothing is left over. */
export function tilesEvenly(
  x: Pick<GraphValue, "shape">,
  { kernelSize, stride, padding, dilation }: Window,
): boolean {
  const isPlain = padding.flat().every((edge) => edge === 0) && dilation.join() === "1,1";
  const areTiles = kernelSize.join() === stride.join();
  return (
    isPlain && areTiles && kernelSize.every((length, axis) => x.shape[2 + axis]! % length === 0)
  );
}

/** `[batch, channels, ...places] -> [batch, channels, height, width]`: each share to its window */
export function avgPool2dGrad(
  graph: Graph,
  gradOutput: GraphValue,
  { window, inputSize, countIncludePad }: AveragePoolOptions & InputSize,
): GraphValue {
  const [batch, channels] = gradOutput.shape as [number, number];
  const elements = window.kernelSize[0] * window.kernelSize[1];
  const shape = [batch, channels, ...inputSize];
  const counts = countIncludePad ? undefined : countsInside(window, inputSize);
  const share =
    counts === undefined
      ? graph.scalar(1 / elements)
      : graph.constant(counts, { shape: [1, 1, ...placesOf(window, inputSize)], dtype: "float32" });
  const shares = graph.node("Mul", [gradOutput, share], gradOutput);
  if (tilesEvenly({ shape }, window)) {
    // An eighth of the time of spreading with a kernel.
    return upsampleNearest(graph, shares, window.kernelSize);
  }
  // Spread by a kernel of ones.
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
