// The header of a safetensors file, believed only when it describes every byte of the numbers exactly once.
import { DataError } from "../errors.ts";
import { type Shape, shapeText } from "../shape.ts";
import { elementWidth, READABLE_TYPES } from "./elements.ts";
import { excerpt, quoted } from "./excerpt.ts";
import { repeatedKey } from "./json-keys.ts";
import { storedBytes } from "./stored-shape.ts";

/** A tensor as the header describes it. */
export interface Entry {
  readonly name: string;
  /** One of `READABLE_TYPES`. */
  readonly type: string;
  readonly shape: Shape;
  /** First byte of its numbers, counted from the end of the header. */
  readonly begin: number;
  /** The byte after its last. */
  readonly end: number;
}

/** What the header says. */
export interface Header {
  readonly entries: readonly Entry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** The bytes behind the header. */
  readonly data: Uint8Array;
}

/** The bytes in front of the header that say how long it is. */
export const LENGTH_BYTES = 8;
/** The name in the header that is no tensor. */
export const METADATA = "__metadata__";
/** The format's own limit, so that no reader is made to parse gigabytes of JSON. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * Reads and checks everything but the numbers.
 *
 * @throws {DataError} when the file is cut off, or its header does not describe every byte exactly once
 */
export function readHeader(bytes: Uint8Array): Header {
  const headerEnd = LENGTH_BYTES + checkedHeaderLength(bytes);
  const { [METADATA]: metadata = {}, ...described } = parsedHeader(
    bytes.subarray(LENGTH_BYTES, headerEnd),
  );
  const entries = Object.entries(described).map(([name, value]) => checkedEntry(name, value));
  const data = bytes.subarray(headerEnd);
  checkCovered(entries, data.length);
  return { entries, metadata: checkedMetadata(metadata), data };
}

function checkedHeaderLength(bytes: Uint8Array): number {
  if (bytes.length < LENGTH_BYTES) {
    throw new DataError(
      `readSafetensors: a file starts with ${LENGTH_BYTES} bytes that say how long its header is; it has ${bytes.length} bytes. ${AGAIN}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw new DataError(
      `readSafetensors: a header has at most ${MAX_HEADER_BYTES} bytes; this one claims ${length}. The file is no safetensors file, or damaged: check where it comes from.`,
    );
  }
  const rest = bytes.length - LENGTH_BYTES;
  if (length > rest) {
    throw new DataError(
      `readSafetensors: the header has ${length} bytes; only ${rest} follow. ${AGAIN}`,
    );
  }
  return Number(length);
}

const AGAIN = "The file is cut off: fetch or save it again.";
const ANEW = "The file is damaged, or made by a faulty program: fetch it again, or save it anew.";

function parsedHeader(bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(
      `readSafetensors: expects a header in JSON; reading it failed with "${reason}". The file is no safetensors file, or damaged: check where it comes from.`,
      { cause },
    );
  }
  if (!isObject(header) || !text.startsWith("{")) {
    throw new DataError(
      `readSafetensors: expects a header that is one JSON object from its first byte on, got ${excerpt(text)}. ${ANEW}`,
    );
  }
  const repeated = repeatedKey(text);
  if (repeated === undefined) return header;
  throw new DataError(
    `readSafetensors: every name stands once in the header; ${quoted(repeated)} stands there twice. ${ANEW}`,
  );
}

function checkedMetadata(metadata: unknown): Record<string, string> {
  // Without a prototype: a name such as "constructor" is absent unless the file has it.
  const words = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(isObject(metadata) ? metadata : { metadata })) {
    if (typeof value !== "string" || !isObject(metadata)) {
      throw new DataError(
        `readSafetensors: ${METADATA} must map names to strings; ${quoted(name)} is ${excerpt(JSON.stringify(value))}. ${ANEW}`,
      );
    }
    words[name] = value;
  }
  return words;
}

function checkedEntry(name: string, described: unknown): Entry {
  const owner = `readSafetensors: ${quoted(name)}`;
  const { dtype, shape, data_offsets: offsets } = isObject(described) ? described : {};
  if (typeof dtype !== "string" || !isListOfCounts(shape) || !isListOfCounts(offsets)) {
    throw new DataError(
      `${owner}: expects { dtype, shape, data_offsets } with whole numbers from 0 on, got ${excerpt(JSON.stringify(described))}. ${ANEW}`,
    );
  }
  const width = elementWidth(dtype);
  if (width === undefined) {
    throw new DataError(
      `${owner}: tensors are made of ${READABLE_TYPES}, got ${excerpt(dtype)}. Convert it to float32 before saving, in PyTorch with tensor.float().`,
    );
  }
  const bytes = storedBytes(owner, shape, width);
  const [begin = 0, end = 0] = offsets;
  if (offsets.length === 2 && end - begin === bytes) {
    return { name, type: dtype, shape, begin, end };
  }
  throw new DataError(
    `${owner}: ${dtype} of shape ${excerpt(shapeText(shape))} takes ${bytes} bytes, got data_offsets ${excerpt(shapeText(offsets))}. ${ANEW}`,
  );
}

// Every byte behind the header belongs to exactly one tensor.
function checkCovered(entries: readonly Entry[], length: number): void {
  let reached = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin)) {
    if (end > length) {
      throw new DataError(
        `readSafetensors: ${quoted(name)} ends at byte ${end}; only ${length} bytes follow the header. ${AGAIN}`,
      );
    }
    if (begin !== reached) {
      const what = begin < reached ? "overlaps the tensor before it" : "leaves a hole before it";
      throw new DataError(
        `readSafetensors: ${quoted(name)} must begin at byte ${reached}, where the tensor before it ends; it begins at ${begin} and ${what}. ${ANEW}`,
      );
    }
    reached = end;
  }
  if (reached === length) return;
  throw new DataError(
    `readSafetensors: the tensors end at byte ${reached}; ${length - reached} bytes follow that belong to none. ${ANEW}`,
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isListOfCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0);
