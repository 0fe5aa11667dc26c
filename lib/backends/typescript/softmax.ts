// Softmax and its logarithm along the last axis, safe against overflow.
import { emptyArray, type HostArray } from "../host-array.ts";

/** output[j] = e^(x[j] - top) / sum over l of e^(x[l] - top), where top is the largest x of the row */
export function softmax(x: HostArray): HostArray {
  const out = emptyArray(x.shape, x.dtype);
  const classes = x.shape.at(-1)!;
  const powers = new Float64Array(classes);
  for (let row = 0; row < x.data.length; row += classes) {
    const top = largest(x, row, classes);
    let sum = 0;
    for (let j = 0; j < classes; j++) {
      powers[j] = Math.exp(x.data[row + j]! - top);
      sum += powers[j]!;
    }
    for (let j = 0; j < classes; j++) out.data[row + j] = powers[j]! / sum;
  }
  return out;
}

/** output[j] = x[j] - top - log(sum over l of e^(x[l] - top)), where top is the largest x of the row */
export function logSoftmax(x: HostArray): HostArray {
  const out = emptyArray(x.shape, x.dtype);
  const classes = x.shape.at(-1)!;
  for (let row = 0; row < x.data.length; row += classes) {
    const top = largest(x, row, classes);
    let sum = 0;
    for (let j = 0; j < classes; j++) sum += Math.exp(x.data[row + j]! - top);
    const shift = top + Math.log(sum);
    for (let j = 0; j < classes; j++) out.data[row + j] = x.data[row + j]! - shift;
  }
  return out;
}

// Subtracting the largest element changes nothing in exact arithmetic and keeps every power at most 1.
function largest(x: HostArray, row: number, classes: number): number {
  let top = -Infinity;
  for (let j = 0; j < classes; j++) top = Math.max(top, x.data[row + j]!);
  return top;
}
