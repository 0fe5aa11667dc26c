// Tensors out of nothing: from nested arrays, from typed arrays, and filled by a rule.
import { OnDemand } from "../backends/host-array.ts";
import { hostBackend } from "../backends/select.ts";
import { checkCount, checkDType, checkRow, checkShape, checkSize } from "../check.ts";
import { allocate, type DType, dtypeOf, type TypedArray } from "../dtype.ts";
import { ArgumentError, DTypeError } from "../errors.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { type NestedArray, Tensor } from "../tensor.ts";
import { run } from "./dispatch.ts";

/** Element type of a tensor to be made. */
export interface CreationOptions {
  /** Default: float32, or bool when the elements are booleans. */
  readonly dtype?: DType;
}

/**
 * A tensor from nested arrays: `tensor([[1, 2], [3, 4]])` is `[2, 2]`, `tensor(5)` is `[]`.
 *
 * @throws {ShapeError} when rows differ in length or an array is empty
 * @throws {DTypeError} when an element does not fit the element type
 */
export function tensor(values: NestedArray, options: CreationOptions = {}): Tensor {
  const shape = nestedShape(values);
  const elements: (number | boolean)[] = [];
  collect(values, shape, elements, []);
  const dtype = options.dtype ?? (typeof elements[0] === "boolean" ? "bool" : "float32");
  checkDType("tensor", dtype);
  const data = allocate(dtype, elements.length);
  for (const [i, element] of elements.entries()) {
    checkElement(element, dtype);
    data[i] = Number(element);
  }
  return run([], (backend) => backend.fromHost(data, shape));
}

// The shape that the first entries suggest; `collect` checks the others against it.
function nestedShape(values: NestedArray): number[] {
  const shape: number[] = [];
  for (let inner = values; Array.isArray(inner); inner = inner[0] as NestedArray) {
    shape.push(inner.length);
    checkShape("tensor", shape);
  }
  return shape;
}

function collect(
  values: NestedArray,
  shape: Shape,
  elements: (number | boolean)[],
  path: readonly number[],
): void {
  checkRow(path, shape[path.length], Array.isArray(values) ? values.length : undefined);
  if (!Array.isArray(values)) {
    elements.push(values as number | boolean);
    return;
  }
  for (const [i, value] of (values as readonly NestedArray[]).entries()) {
    collect(value, shape, elements, [...path, i]);
  }
}

function checkElement(element: unknown, dtype: DType): void {
  const number = Number(element);
  const fits =
    dtype === "bool"
      ? element === 0 || element === 1 || typeof element === "boolean"
      : typeof element !== "string" && (dtype !== "int32" || number === (number | 0));
  if (fits && typeof element !== "undefined" && element !== null) return;
  throw new DTypeError(
    `tensor: every element must fit ${dtype}, got ${JSON.stringify(element) ?? "undefined"}. ` +
      `Use numbers${dtype === "int32" ? " without fractions below 2^31" : ""}` +
      `${dtype === "bool" ? " 0 and 1, or booleans" : ""}, or choose another dtype.`,
  );
}

/** How `fromTypedArray` treats the numbers. */
export interface FromTypedArrayOptions {
  /** With false the tensor keeps the array itself: give it away and never write to it again. */
  readonly copy?: boolean;
}

/**
 * A tensor of the given shape from numbers in row-major order; the element type is that of the array
 * (a `Uint8Array` of 0 and 1 is bool).
 *
 * @throws {ShapeError} when the number of elements is not that of the shape
 */
export function fromTypedArray(
  data: TypedArray,
  shape: Shape,
  options: FromTypedArrayOptions = {},
): Tensor {
  checkShape("fromTypedArray", shape);
  checkSize("fromTypedArray", data.length, shape);
  if (dtypeOf(data) === "bool" && !data.every((byte) => byte <= 1)) {
    throw new DTypeError(
      "fromTypedArray: a Uint8Array becomes bool and may hold only 0 and 1, got larger bytes. " +
        "For bytes as numbers pass Float32Array.from(bytes) or Int32Array.from(bytes).",
    );
  }
  const own = options.copy === false ? data : data.slice();
  return run([], (backend) => backend.fromHost(own, [...shape]));
}

/**
 * `[...shape]` of numbers that `write` gives when somebody reads them, into memory of the tensor or of the reader.
 *
 * @param write - writes all numbers, the same ones however often it is called
 */
export function onDemand(shape: Shape, dtype: DType, write: (out: TypedArray) => void): Tensor {
  return new Tensor(hostBackend, new OnDemand({ shape: [...shape], dtype }, write));
}

/** `[...shape]` of one number. */
export function full(shape: Shape, value: number, options: CreationOptions = {}): Tensor {
  return filled("full", { shape, value }, options);
}

/** `[...shape]` of zeros. */
export function zeros(shape: Shape, options: CreationOptions = {}): Tensor {
  return filled("zeros", { shape, value: 0 }, options);
}

/** `[...shape]` of ones. */
export function ones(shape: Shape, options: CreationOptions = {}): Tensor {
  return filled("ones", { shape, value: 1 }, options);
}

function filled(
  op: string,
  { shape, value }: { readonly shape: Shape; readonly value: number },
  { dtype = "float32" }: CreationOptions,
): Tensor {
  checkDType(op, dtype);
  checkShape(op, shape);
  return run([], (backend) => backend.fill(value, [...shape], dtype));
}

/** Where a counting sequence starts, and by how much it grows. */
export interface ArangeOptions extends CreationOptions {
  /** Default 0. */
  readonly start?: number;
  /** Default 1. */
  readonly step?: number;
}

/** `[count]`: start, start + step, start + 2 step, ... */
export function arange(count: number, options: ArangeOptions = {}): Tensor {
  const { start = 0, step = 1, dtype = "float32" } = options;
  checkCount("arange", "count", count);
  checkDType("arange", dtype);
  if (dtype === "bool") {
    throw new ArgumentError(
      'arange: expects a dtype that can count, got bool. Use "int32" or "float32".',
    );
  }
  const data = allocate(dtype, count);
  for (let i = 0; i < count; i++) data[i] = start + i * step;
  return run([], (backend) => backend.fromHost(data, [count]));
}

/** `[n, n]`: ones on the diagonal, zeros elsewhere. */
export function eye(n: number, options: CreationOptions = {}): Tensor {
  checkCount("eye", "n", n);
  const dtype = options.dtype ?? "float32";
  checkDType("eye", dtype);
  const data = allocate(dtype, sizeOf([n, n]));
  for (let i = 0; i < n; i++) data[i * n + i] = 1;
  return run([], (backend) => backend.fromHost(data, [n, n]));
}
