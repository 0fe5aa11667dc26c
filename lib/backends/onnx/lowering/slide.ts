// How a window slides, in the words of ONNX.
import { placesOf, type Window } from "../../../window.ts";
import type { GraphValue } from "../graph.ts";

/** Strides, dilations and edges of a window as attributes; an image's edges are top, left, bottom, right. */
export const slide = ({
  stride,
  padding,
  dilation,
}: Window): Record<"strides" | "dilations" | "pads", readonly number[]> => ({
  strides: stride,
  dilations: dilation,
  pads: [padding[0][0], padding[1][0], padding[0][1], padding[1][1]],
});

/** Height and width of `[batch, channels, height, width]`. */
export const sizeOfImage = (x: GraphValue): [number, number] => [x.shape[2]!, x.shape[3]!];

/** Shape of a pool's output: `[batch, channels, outHeight, outWidth]`. */
export const pooledShape = (x: GraphValue, window: Window): number[] => [
  ...x.shape.slice(0, 2),
  ...placesOf(window, sizeOfImage(x)),
];
