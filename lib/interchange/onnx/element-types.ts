// Element types of ONNX files as tensors: int64, which other programs like for indices, becomes int32 and back.
import { TYPE_NUMBERS } from "../../backends/onnx/graph-contents.ts";
import type { DType, TypedArray } from "../../dtype.ts";
import { DTypeError } from "../../errors.ts";

/** Element types that tensors can go to and come from. */
export type FileType = DType | "int64";

const KNOWN: readonly FileType[] = ["float32", "float64", "int32", "int64", "bool"];

/** Names of the others, by their numbers in files. */
const OTHERS: ReadonlyMap<number, string> = new Map([
  [2, "uint8"],
  [3, "int8"],
  [4, "uint16"],
  [5, "int16"],
  [8, "text"],
  [10, "float16"],
  [12, "uint32"],
  [13, "uint64"],
  [16, "bfloat16"],
]);

/**
 * The element type with a number.
 *
 * @param what - whose type it is
 * @throws {DTypeError} when tensors have no such type
 */
export function fileType(what: string, number: number): FileType {
  const known = KNOWN.find((dtype) => TYPE_NUMBERS[dtype] === number);
  if (known !== undefined) return known;
  throw new DTypeError(
    `loadOnnx: ${what} must be float32, float64, int32, int64 or bool, got ${OTHERS.get(number) ?? `type ${number}`}. ` +
      "Export the model with inputs and outputs of one of these; inside it any type is welcome.",
  );
}

/** What the type is in tensors. */
export const tensorType = (type: FileType): DType => (type === "int64" ? "int32" : type);

/** A tensor's numbers as the file takes them. */
export function toFile(type: FileType, numbers: TypedArray): TypedArray | BigInt64Array {
  return type === "int64" ? BigInt64Array.from(numbers as Int32Array, BigInt) : numbers;
}

/**
 * Numbers that the file gave as a tensor has them.
 *
 * @throws {DTypeError} when one does not fit
 */
export function fromFile(what: string, numbers: TypedArray | BigInt64Array): TypedArray {
  if (!(numbers instanceof BigInt64Array)) return numbers;
  const small = Int32Array.from(numbers, Number);
  const wrong = numbers.find((number, index) => number !== BigInt(small[index]!));
  if (wrong === undefined) return small;
  throw new DTypeError(
    `loadOnnx: ${what} must give numbers that fit int32, got ${wrong}. Export the model with an output in float32 or float64.`,
  );
}
