// Upsampling: an image becomes larger by repeating its pixels.
import type { Tensor } from "../tensor.ts";
import { checkImages, checkSizePair, type Size } from "../window-check.ts";
import { run } from "./dispatch.ts";

/**
 * output[b, c, y, x] = input[b, c, floor(y / scaleHeight), floor(x / scaleWidth)]
 *
 * @param input - `[batch, channels, height, width]`
 * @param scale - how often each pixel is repeated, down and to the right: one whole number, or two
 * @returns `[batch, channels, height * scaleHeight, width * scaleWidth]`
 * @throws {ArgumentError} when the scale is no whole number from 1 on
 */
export function upsampleNearest(input: Tensor, scale: Size): Tensor {
  checkImages("upsampleNearest", input);
  const pair = checkSizePair("upsampleNearest", "scale", scale);
  return run([input], (backend, x) => backend.upsampleNearest(x, pair));
}
