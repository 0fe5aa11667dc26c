// Pooling as loops over the places of a window: the largest or the mean of what it sees, and the way back.
import { type Pair, placesOf, type Window } from "../../window.ts";
import type { AveragePoolOptions, InputSize } from "../backend.ts";
import { emptyArray, type HostArray } from "../host-array.ts";

/** output[c, y, x] = max over the window at (y, x) */
export function maxPool2d(x: HostArray, window: Window): HostArray {
  const out = emptyPlaces(x, window);
  forEachPlace(x, window, ({ at, positions, count }) => {
    let best = -Infinity;
    for (let k = 0; k < count; k++) {
      const value = x.data[positions[k]!]!;
      // NaN is no number to be larger than; it wins, so that a spoiled image is seen.
      if (value > best || value !== value) best = value;
    }
    out.data[at] = best;
  });
  return out;
}

/** gradInput at the first element of the window that equals the output += gradOutput[c, y, x] */
export function maxPool2dGrad(
  gradOutput: HostArray,
  x: HostArray,
  y: HostArray,
  window: Window,
): HostArray {
  const sums = new Float64Array(x.data.length);
  forEachPlace(x, window, ({ at, positions, count }) => {
    for (let k = 0; k < count; k++) {
      if (x.data[positions[k]!] !== y.data[at]) continue;
      sums[positions[k]!]! += gradOutput.data[at]!;
      return;
    }
  });
  return rounded(sums, x);
}

/** output[c, y, x] = sum over the window at (y, x) / number of its elements */
export function avgPool2d(x: HostArray, options: AveragePoolOptions): HostArray {
  const out = emptyPlaces(x, options.window);
  forEachPlace(x, options.window, ({ at, positions, count, padded }) => {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += x.data[positions[k]!]!;
    out.data[at] = sum / (options.countIncludePad ? padded : count);
  });
  return out;
}

/** gradInput at every element of the window += gradOutput[c, y, x] / number of its elements */
export function avgPool2dGrad(
  gradOutput: HostArray,
  { window, inputSize, countIncludePad }: AveragePoolOptions & InputSize,
): HostArray {
  const out = emptyArray([...gradOutput.shape.slice(0, 2), ...inputSize], gradOutput.dtype);
  const sums = new Float64Array(out.data.length);
  forEachPlace(out, window, ({ at, positions, count, padded }) => {
    const share = gradOutput.data[at]! / (countIncludePad ? padded : count);
    for (let k = 0; k < count; k++) sums[positions[k]!]! += share;
  });
  out.data.set(sums);
  return out;
}

const sizeOfImage = (x: HostArray): Pair => [x.shape[2]!, x.shape[3]!];

function emptyPlaces(x: HostArray, window: Window): HostArray {
  return emptyArray([...x.shape.slice(0, 2), ...placesOf(window, sizeOfImage(x))], x.dtype);
}

// The only rounding: from float64 sums to the element type of the input.
function rounded(sums: Float64Array, like: HostArray): HostArray {
  const out = emptyArray(like.shape, like.dtype);
  out.data.set(sums);
  return out;
}

/** One place of the window in one channel. The object is reused. */
interface Place {
  /** Where its result stands in the output. */
  at: number;
  /** Where the elements that it sees stand in the input; the first `count` are valid. */
  readonly positions: Int32Array;
  count: number;
  /** Elements with those of the padding; beyond the padding there is nothing to count. */
  padded: number;
}

function forEachPlace(x: HostArray, window: Window, visit: (place: Place) => void): void {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const [outHeight, outWidth] = placesOf(window, [height, width]);
  const [kernelHeight, kernelWidth] = window.kernelSize;
  const place: Place = {
    at: 0,
    positions: new Int32Array(kernelHeight * kernelWidth),
    count: 0,
    padded: kernelHeight * kernelWidth,
  };
  for (let c = 0; c < batch * channels; c++) {
    for (let y = 0; y < outHeight; y++) {
      for (let u = 0; u < outWidth; u++, place.at++) {
        place.count = 0;
        const top = y * window.stride[0] - window.padding[0][0];
        const left = u * window.stride[1] - window.padding[1][0];
        for (let i = 0; i < kernelHeight; i++) {
          const v = top + i * window.dilation[0];
          if (v < 0 || v >= height) continue;
          for (let j = 0; j < kernelWidth; j++) {
            const w = left + j * window.dilation[1];
            if (w < 0 || w >= width) continue;
            place.positions[place.count++] = (c * height + v) * width + w;
          }
        }
        visit(place);
      }
    }
  }
}
