// safetensors, a file of named tensors: eight bytes of length, a JSON header that says where each lies, then the numbers.
import { ArgumentError } from "../errors.ts";
import { fromTypedArray } from "../ops/creation.ts";
import type { Tensor } from "../tensor.ts";
import {
  checkBytes,
  elementWidth,
  joinBytes,
  readElements,
  writeElements,
  WRITTEN_TYPES,
} from "./elements.ts";
import { checkBraces } from "./braces.ts";
import { quoted } from "./excerpt.ts";
import { checkNamedTensors } from "./named-tensors.ts";
import { LENGTH_BYTES, METADATA, readHeader } from "./safetensors-header.ts";

/** What a safetensors file holds. */
export interface Safetensors {
  /** Tensors by name, in the order of the header. */
  readonly tensors: Map<string, Tensor>;
  /** Words about the file, such as `{ format: "pt" }`; empty where it has none. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What is written besides the tensors. */
export interface SafetensorsOptions {
  /** Words about the file, such as `{ format: "pt" }`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Reads a safetensors file.
 *
 * F32, F64, I32 and BOOL become the element types of the same size. F16 and BF16 widen to float32, and short integers
 * to int32, without a change; I64, U64 and U32 become int32 where all their numbers fit.
 *
 * @param bytes - the whole file
 * @throws {DataError} when the file is cut off, or its header does not describe every byte exactly once
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  checkBytes("readSafetensors", bytes);
  const { entries, metadata, data } = readHeader(bytes);
  const tensors = entries.map(({ name, type, shape, begin, end }) => {
    const stored = { type, bytes: data.subarray(begin, end) };
    const numbers = readElements(`readSafetensors: ${quoted(name)}`, stored);
    return [name, fromTypedArray(numbers, shape, { copy: false })] as const;
  });
  return { tensors: new Map(tensors), metadata };
}

/**
 * The bytes of a safetensors file with these tensors, of any shape. Numbers start at a multiple of 8 bytes, wider
 * elements first, so that programs that map the file into memory can use them in place.
 *
 * @throws {ArgumentError} when a name or the metadata cannot be written
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  options: SafetensorsOptions = {},
): Uint8Array {
  checkBraces("writeSafetensors", options, '{ metadata: { author: "me" } }');
  const { metadata } = options;
  checkNamedTensors("writeSafetensors", tensors);
  if (tensors.has(METADATA)) {
    throw new ArgumentError(
      `writeSafetensors: expects names of tensors; ${quoted(METADATA)} is the format's own name for words about the file. Rename that tensor.`,
    );
  }
  const pieces = [...tensors].sort(widerFirst).map(([name, tensor]) => {
    return { name, tensor, bytes: writeElements(tensor.toTypedArray()) };
  });
  let offset = 0;
  const described = pieces.map(({ name, tensor: { dtype, shape }, bytes }) => {
    const begin = offset;
    offset += bytes.length;
    return [name, { dtype: WRITTEN_TYPES[dtype], shape, data_offsets: [begin, offset] }] as const;
  });
  const words = metadata === undefined ? [] : [[METADATA, writableMetadata(metadata)] as const];
  const text = Buffer.from(JSON.stringify(Object.fromEntries([...words, ...described])));
  // Spaces up to the next multiple of 8, so that the numbers are aligned.
  const header = Buffer.alloc(Math.ceil(text.length / 8) * 8, " ");
  header.set(text);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(header.length));
  return joinBytes([length, header, ...pieces.map(({ bytes }) => bytes)]);
}

function writableMetadata(metadata: Readonly<Record<string, unknown>>): Record<string, unknown> {
  for (const [name, value] of Object.entries(metadata)) {
    if (typeof value === "string") continue;
    throw new ArgumentError(
      `writeSafetensors: metadata must map names to strings; ${quoted(name)} is ${JSON.stringify(value)}. Write it as text: String(value) or JSON.stringify(value).`,
    );
  }
  return metadata;
}

function widerFirst([name, a]: [string, Tensor], [other, b]: [string, Tensor]): number {
  const width = (tensor: Tensor): number => elementWidth(WRITTEN_TYPES[tensor.dtype])!;
  return width(b) - width(a) || (name < other ? -1 : 1);
}
