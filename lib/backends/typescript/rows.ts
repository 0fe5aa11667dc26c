// Rows chosen by number: reading them, adding to them, and the one-hot row of a class.
import { checkIndexValues } from "../../check.ts";
import type { DType } from "../../dtype.ts";
import { sizeOf } from "../../shape.ts";
import { emptyArray, type HostArray } from "../host-array.ts";

/** `[rows, ...rest]`, index `[...index] -> [...index, ...rest]` */
export function gather(x: HostArray, index: HostArray): HostArray {
  const rest = x.shape.slice(1);
  const width = sizeOf(rest);
  checkIndexValues("gather", index.data, x.shape[0]!);
  const out = emptyArray([...index.shape, ...rest], x.dtype);
  for (let i = 0; i < index.data.length; i++) {
    const from = index.data[i]! * width;
    out.data.set(x.data.subarray(from, from + width), i * width);
  }
  return out;
}

/** index `[...index]`, updates `[...index, ...rest] -> [rows, ...rest]`; repeated rows add up in float64 */
export function scatterAdd(index: HostArray, updates: HostArray, rows: number): HostArray {
  const rest = updates.shape.slice(index.shape.length);
  const width = sizeOf(rest);
  checkIndexValues("scatterAdd", index.data, rows);
  const sums = new Float64Array(rows * width);
  for (let i = 0; i < index.data.length; i++) {
    const row = index.data[i]! * width;
    for (let j = 0; j < width; j++) sums[row + j]! += updates.data[i * width + j]!;
  }
  const out = emptyArray([rows, ...rest], updates.dtype);
  out.data.set(sums);
  return out;
}

/** `[...index] -> [...index, classes]`: 1 at the class, 0 elsewhere */
export function oneHot(index: HostArray, classes: number, dtype: DType): HostArray {
  checkIndexValues("oneHot", index.data, classes);
  const out = emptyArray([...index.shape, classes], dtype);
  for (let i = 0; i < index.data.length; i++) out.data[i * classes + index.data[i]!] = 1;
  return out;
}
