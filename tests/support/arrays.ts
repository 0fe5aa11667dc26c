// Plain arrays for tests: deterministic numbers, and element access by index that shares nothing with the library.
import { type DType, fromTypedArray, type Tensor, type TypedArray } from "../../lib/index.ts";

/** An array as a test sees it: a shape, and its elements row-major. */
export interface Plain {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** An integer hash of (i, seed), the same in the scripts of tests/golden: 32-bit words without state. */
export function bits(count: number, seed: number): Uint32Array {
  const offset = Number((BigInt(seed) * 0x9e3779b9n) & 0xffffffffn);
  return Uint32Array.from({ length: count }, (_, i) => {
    let x = (Math.imul(i, 0x9e3779b1) + offset) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return x ^ (x >>> 16);
  });
}

/** Numbers between -scale and scale, as the element type stores them; int32 gets whole ones, bool 0 and 1. */
export function numbers(
  shape: readonly number[],
  seed: number,
  options: { scale?: number; dtype?: DType } = {},
): Plain & { data: TypedArray } {
  const { scale = 2, dtype = "float32" } = options;
  const words = bits(count(shape), seed);
  const values = Array.from(words, (word) => ((word / 2 ** 32) * 2 - 1) * scale);
  switch (dtype) {
    case "float64":
      return { shape, data: Float64Array.from(values) };
    case "int32":
      return { shape, data: Int32Array.from(values, Math.round) };
    case "bool":
      return { shape, data: Uint8Array.from(words, (word) => word & 1) };
    default:
      return { shape, data: Float32Array.from(values) };
  }
}

/** The library's tensor of a plain array. */
export function toTensor({ shape, data }: Plain & { data: TypedArray }): Tensor {
  return fromTypedArray(data, shape);
}

/** Product of the axes. */
export function count(shape: readonly number[]): number {
  let product = 1;
  for (const length of shape) product *= length;
  return product;
}

/** All indices of a shape, row-major, as lists of numbers. */
export function indices(shape: readonly number[]): number[][] {
  const [length, ...rest] = shape;
  if (length === undefined) return [[]];
  const inner = indices(rest);
  return Array.from({ length }, (_, i) => inner.map((index) => [i, ...index])).flat();
}

/** The element at an index; axes of length 1 repeat, and surplus leading indices are ignored. */
export function at({ shape, data }: Plain, index: readonly number[]): number {
  const own = index.slice(index.length - shape.length);
  let position = 0;
  for (const [axis, length] of shape.entries()) {
    position = position * length + (length === 1 ? 0 : own[axis]!);
  }
  return data[position]!;
}

/** An array whose elements follow a rule. */
export function build(shape: readonly number[], rule: (index: number[]) => number): Plain {
  return { shape, data: indices(shape).map(rule) };
}
