// The header of an npy file: a Python dictionary of three entries, read by rules for these three and no others.
import { DataError } from "../errors.ts";
import type { Shape } from "../shape.ts";
import { elementWidth } from "./elements.ts";
import { excerpt } from "./excerpt.ts";
import { storedBytes } from "./stored-shape.ts";

/** What the header of an npy file says. */
export interface NpyHeader {
  /** The element type, by its name in `elements.ts`. */
  readonly type: string;
  readonly isLittleEndian: boolean;
  /** Whether the first axis runs fastest. */
  readonly isFortranOrder: boolean;
  readonly shape: Shape;
  /** Where the numbers begin. */
  readonly dataStart: number;
  /** How many bytes they take. */
  readonly dataLength: number;
}

/** What the file begins with. */
export const MAGIC: readonly number[] = [0x93, ...Buffer.from("NUMPY")];
/** NumPy's own limit: the header of an array of numbers takes about 100 bytes. */
export const MAX_NPY_HEADER_BYTES = 10_000;

/**
 * Reads the header of an npy file.
 *
 * @param bytes - the file, or as much of its start as holds the header
 * @throws {DataError} when it is none, or describes something that no tensor can hold
 */
export function readNpyHeader(owner: string, bytes: Uint8Array): NpyHeader {
  const { start, end } = dictionaryOf(owner, bytes);
  const text = Buffer.from(bytes.subarray(start, end)).toString("latin1");
  const entries = entriesOf(owner, text);
  const { type, isLittleEndian } = elementsOf(owner, entries.descr);
  const shape = shapeOf(owner, entries.shape);
  const dataLength = storedBytes(owner, shape, elementWidth(type)!);
  const isFortranOrder = entries.order === "True";
  return { type, isLittleEndian, isFortranOrder, shape, dataStart: end, dataLength };
}

const DAMAGED = "The file is damaged: fetch it again, or save it anew with numpy.save.";

// Where the dictionary begins and ends: version 1 has two bytes for its length, versions 2 and 3 have four.
function dictionaryOf(owner: string, bytes: Uint8Array): { start: number; end: number } {
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) {
    throw new DataError(
      `${owner}: an npy file starts with the bytes 93 4E 55 4D 50 59, got ${Buffer.from(bytes.subarray(0, 6)).toString("hex") || "nothing"}. Check where the file comes from, or save it anew with numpy.save.`,
    );
  }
  const version = bytes[MAGIC.length] ?? 0;
  const lengthBytes = version === 1 ? 2 : 4;
  const start = MAGIC.length + 2 + lengthBytes;
  if (version > 3 || (version < 1 && bytes.length >= start)) {
    throw new DataError(
      `${owner}: expects version 1, 2 or 3 of the npy format, got ${version}. Save the array with numpy.save.`,
    );
  }
  const length = Buffer.from(bytes.subarray(start - lengthBytes, start));
  const end = length.length < lengthBytes ? Infinity : start + length.readUIntLE(0, lengthBytes);
  if (end - start > MAX_NPY_HEADER_BYTES && end !== Infinity) {
    throw new DataError(
      `${owner}: the header of an array of numbers has at most ${MAX_NPY_HEADER_BYTES} bytes; this one claims ${end - start}. ${DAMAGED}`,
    );
  }
  if (end <= bytes.length) return { start, end };
  throw new DataError(
    `${owner}: the header ends at byte ${end === Infinity ? start : end}; the file has ${bytes.length} bytes. ${DAMAGED}`,
  );
}

interface Entries {
  readonly descr: string;
  readonly order: string;
  readonly shape: string;
}

// 'name': a string, a truth value, a tuple of numbers, or a list, which describes records.
const ENTRY = /\s*'(\w+)'\s*:\s*('[^']*'|True|False|\([\d,\sL]*\)|\[.*\])\s*(?:,|(?=\}))/gsy;

function entriesOf(owner: string, text: string): Entries {
  const matches = [...text.slice(1).matchAll(ENTRY)];
  const length = matches.reduce((sum, [whole]) => sum + whole.length, 1);
  const found = new Map(matches.map(([, name, value]) => [name, value!]));
  const [descr, order, shape] = ["descr", "fortran_order", "shape"].map((name) => found.get(name));
  const isDictionary = text.startsWith("{") && /^\s*\}\s*$/.test(text.slice(length));
  const isComplete = isDictionary && matches.length === 3;
  if (isComplete && descr && order && /^(True|False)$/.test(order) && shape?.startsWith("(")) {
    return { descr, order, shape };
  }
  throw new DataError(
    `${owner}: expects a header such as {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }, got ${excerpt(text.trim())}. ${DAMAGED}`,
  );
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ["f2", "F16"],
  ["f4", "F32"],
  ["f8", "F64"],
  ["i1", "I8"],
  ["i2", "I16"],
  ["i4", "I32"],
  ["i8", "I64"],
  ["u1", "U8"],
  ["u2", "U16"],
  ["u4", "U32"],
  ["u8", "U64"],
  ["b1", "BOOL"],
]);

function elementsOf(owner: string, descr: string): { type: string; isLittleEndian: boolean } {
  const [, order, code = ""] = /^'([<>|=]?)(.*)'$/.exec(descr) ?? [];
  const type = TYPES.get(code);
  if (type !== undefined) return { type, isLittleEndian: order !== ">" };
  if (code.startsWith("O")) {
    throw new DataError(
      `${owner}: expects numbers, got an array of Python objects. Those are stored by pickle, which runs programs when it is read, so they are never read here. In Python, save numbers instead: array.astype("float32").`,
    );
  }
  const kind = descr.startsWith("[") ? "records" : descr;
  throw new DataError(
    `${owner}: expects numbers of type ${[...TYPES.keys()].join(", ")}, got ${excerpt(kind)}. In Python, save one array of numbers: array.astype("float32").`,
  );
}

function shapeOf(owner: string, text: string): number[] {
  const parts = text.slice(1, -1).split(",");
  // Python writes a comma behind the only axis.
  if (parts.at(-1)!.trim() === "") parts.pop();
  const shape = parts.map((part) => Number(/^\s*(\d+)L?\s*$/.exec(part)?.[1] ?? Number.NaN));
  if (shape.every(Number.isSafeInteger)) return shape;
  throw new DataError(
    `${owner}: expects a shape of whole numbers, got ${excerpt(text)}. ${DAMAGED}`,
  );
}
