// Upsampling as loops over the pixels of the larger image: each looks up the pixel that it repeats.
import type { Pair } from "../../window.ts";
import { emptyArray, type HostArray } from "../host-array.ts";

/** output[c, y, x] = input[c, floor(y / scale[0]), floor(x / scale[1])] */
export function upsampleNearest(x: HostArray, [scaleHeight, scaleWidth]: Pair): HostArray {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const [outHeight, outWidth] = [height * scaleHeight, width * scaleWidth];
  const out = emptyArray([batch, channels, outHeight, outWidth], x.dtype);
  let at = 0;
  for (let c = 0; c < batch * channels; c++) {
    for (let y = 0; y < outHeight; y++) {
      const row = (c * height + Math.floor(y / scaleHeight)) * width;
      for (let u = 0; u < outWidth; u++) out.data[at++] = x.data[row + Math.floor(u / scaleWidth)]!;
    }
  }
  return out;
}
