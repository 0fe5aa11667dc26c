// Numbers in the bytes of a file: the element types of other programs, and what each becomes in a tensor.
import { kindOf } from "../check.ts";
import type { DType, TypedArray } from "../dtype.ts";
import { ArgumentError, DataError } from "../errors.ts";

/** How one element type of a file is read. */
interface ElementType {
  /** Bytes of one element. */
  readonly width: 1 | 2 | 4 | 8;
  /** The numbers in a buffer in this machine's byte order, or the first element that no tensor can hold. */
  readonly read: (buffer: ArrayBuffer) => TypedArray | Unfit;
}

/** An element without a place in a tensor. */
interface Unfit {
  readonly index: number;
  readonly element: number | bigint;
}

// Tensors hold float32, float64, int32 and bool: shorter numbers widen exactly, longer integers must fit.
const ELEMENT_TYPES: ReadonlyMap<string, ElementType> = new Map<string, ElementType>([
  ["F64", { width: 8, read: (buffer) => new Float64Array(buffer) }],
  ["F32", { width: 4, read: (buffer) => new Float32Array(buffer) }],
  ["F16", { width: 2, read: (buffer) => Float32Array.from(new Uint16Array(buffer), halfValue) }],
  ["BF16", { width: 2, read: widenedBrainFloats }],
  ["I64", { width: 8, read: (buffer) => fitting(new BigInt64Array(buffer)) }],
  ["U64", { width: 8, read: (buffer) => fitting(new BigUint64Array(buffer)) }],
  ["I32", { width: 4, read: (buffer) => new Int32Array(buffer) }],
  ["U32", { width: 4, read: (buffer) => fitting(new Uint32Array(buffer)) }],
  ["I16", { width: 2, read: (buffer) => Int32Array.from(new Int16Array(buffer)) }],
  ["U16", { width: 2, read: (buffer) => Int32Array.from(new Uint16Array(buffer)) }],
  ["I8", { width: 1, read: (buffer) => Int32Array.from(new Int8Array(buffer)) }],
  ["U8", { width: 1, read: (buffer) => Int32Array.from(new Uint8Array(buffer)) }],
  ["BOOL", { width: 1, read: (buffer) => checkedBooleans(new Uint8Array(buffer)) }],
]);

/** The element types that can be read, as messages name them. */
export const READABLE_TYPES: string = [...ELEMENT_TYPES.keys()].join(", ");

/** The element type of a file in which each type of a tensor is written. */
export const WRITTEN_TYPES: Readonly<Record<DType, string>> = {
  float32: "F32",
  float64: "F64",
  int32: "I32",
  bool: "BOOL",
};

/** Bytes of one element, or undefined for a type that no tensor can hold. */
export function elementWidth(type: string): number | undefined {
  return ELEMENT_TYPES.get(type)?.width;
}

/** What stands in a file. */
export interface StoredElements {
  /** One of `READABLE_TYPES`. */
  readonly type: string;
  readonly bytes: Uint8Array;
  /** Byte order of the file; true unless given. */
  readonly isLittleEndian?: boolean;
}

/**
 * The numbers of a file as a tensor stores them, in an array of their own.
 *
 * @param owner - who complains about which tensor
 * @throws {DataError} when an integer is outside int32, or a byte is no boolean
 */
export function readElements(owner: string, stored: StoredElements): TypedArray {
  const { type, bytes, isLittleEndian = true } = stored;
  const { width, read } = ELEMENT_TYPES.get(type)!;
  const numbers = read(inOrderOfMachine(bytes, width, isLittleEndian));
  if (ArrayBuffer.isView(numbers)) return numbers;
  const { index, element } = numbers;
  if (type === "BOOL") {
    throw new DataError(
      `${owner}: expects booleans as bytes 0 and 1; byte ${index} is ${element}. Save it as U8 to read it as int32, or write the file anew.`,
    );
  }
  throw new DataError(
    `${owner}: expects whole numbers from -2147483648 to 2147483647, because tensors hold int32; element ${index} of ${type} is ${element}. Save it as F64 where its numbers are below 2^53.`,
  );
}

/** The elements of a tensor as little-endian bytes, in the same memory: the array must be the caller's own. */
export function writeElements(numbers: TypedArray): Uint8Array {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  if (!MACHINE_IS_LITTLE_ENDIAN) swapBytes(bytes, numbers.BYTES_PER_ELEMENT);
  return bytes;
}

/** All bytes one behind the other. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** What should be the bytes of a file are bytes. */
export function checkBytes(owner: string, bytes: unknown): void {
  if (bytes instanceof Uint8Array) return;
  throw new ArgumentError(
    `${owner}: expects the bytes of a file as a Uint8Array, got ${kindOf(bytes)}. Read the file first: await readFile(path) from "node:fs/promises".`,
  );
}

const MACHINE_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

// A copy, because a view of wider elements must start at a multiple of their width.
function inOrderOfMachine(bytes: Uint8Array, width: number, isLittleEndian: boolean): ArrayBuffer {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  if (isLittleEndian !== MACHINE_IS_LITTLE_ENDIAN) swapBytes(copy, width);
  return copy.buffer;
}

function swapBytes({ buffer, byteOffset, length }: Uint8Array, width: number): void {
  const bytes = Buffer.from(buffer, byteOffset, length);
  if (width === 2) bytes.swap16();
  if (width === 4) bytes.swap32();
  if (width === 8) bytes.swap64();
}

// One bit for the sign, 5 for the exponent, 10 for the fraction: every such number is a float32 too.
function halfValue(word: number): number {
  const sign = word & 0x8000 ? -1 : 1;
  const exponent = (word >> 10) & 0x1f;
  const fraction = word & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

// A bfloat16 is the upper half of a float32.
function widenedBrainFloats(buffer: ArrayBuffer): Float32Array {
  const words = Uint32Array.from(new Uint16Array(buffer), (half) => half * 0x10000);
  return new Float32Array(words.buffer);
}

function fitting(numbers: BigInt64Array | BigUint64Array | Uint32Array): Int32Array | Unfit {
  const result = new Int32Array(numbers.length);
  for (let index = 0; index < numbers.length; index++) {
    const element = numbers[index]!;
    result[index] = Number(BigInt.asIntN(32, BigInt(element)));
    if (result[index] !== Number(element)) return { index, element };
  }
  return result;
}

function checkedBooleans(bytes: Uint8Array): Uint8Array | Unfit {
  const index = bytes.findIndex((byte) => byte > 1);
  return index < 0 ? bytes : { index, element: bytes[index]! };
}
