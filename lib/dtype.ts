// Element types: their names, the typed array that stores each, and what may be computed with them.
import { ShapeError } from "./errors.ts";

/** Element type of a tensor. */
export type DType = "float32" | "float64" | "int32" | "bool";

/** Storage of tensor elements; a `bool` is a byte that is 0 or 1. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** All element types, in the order in which messages name them. */
export const DTYPES: readonly DType[] = ["float32", "float64", "int32", "bool"];

interface Storage {
  new (size: number): TypedArray;
  readonly BYTES_PER_ELEMENT: number;
}

const STORAGE: Readonly<Record<DType, Storage>> = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  bool: Uint8Array,
};

/**
 * Zero-filled storage for `size` elements.
 *
 * @throws {ShapeError} when memory does not hold so many
 */
export function allocate(dtype: DType, size: number): TypedArray {
  const Storage = STORAGE[dtype];
  try {
    return new Storage(size);
  } catch (cause) {
    const gibibytes = Math.ceil((size * Storage.BYTES_PER_ELEMENT) / 2 ** 30);
    throw new ShapeError(
      `tensor: expects a shape whose elements fit into memory; got ${size} elements of ${dtype}, which take ${gibibytes} GiB. ` +
        "Make an axis shorter, or work through the data in batches.",
      { cause },
    );
  }
}

/** Whether the type holds fractions, so that gradients make sense. */
export function isFloat(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float64";
}

/** Element type that a typed array stores. */
export function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Float64Array) return "float64";
  return data instanceof Int32Array ? "int32" : "bool";
}
