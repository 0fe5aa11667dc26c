// IDX, the file format of MNIST: a magic number, the sizes of the axes, then plain bytes; damaged files are refused.
import { gunzipSync } from "node:zlib";
import { DataError } from "../errors.ts";

/** What the first four bytes of a file of images say: unsigned bytes, three axes. */
export const IDX_IMAGES = 2051;

/** What the first four bytes of a file of labels say: unsigned bytes, one axis. */
export const IDX_LABELS = 2049;

/** A decoded IDX file of unsigned bytes. */
export interface IdxArray {
  /** Sizes of the axes: `[count, height, width]` for images, `[count]` for labels. */
  readonly shape: readonly number[];
  /** All bytes in row-major order: a view of the given bytes when these were not compressed. */
  readonly values: Uint8Array;
}

/** What the caller knows about a file before it is read. */
export interface IdxExpectation {
  /** Name of the file, for messages. */
  readonly file: string;
  /** `IDX_IMAGES` or `IDX_LABELS`. */
  readonly magic: typeof IDX_IMAGES | typeof IDX_LABELS;
  /** How many records there must be; left out: any number. */
  readonly count?: number;
}

const KINDS: ReadonlyMap<number, string> = new Map([
  [IDX_IMAGES, "images"],
  [IDX_LABELS, "labels"],
]);

/**
 * Decodes an IDX file, compressed with gzip or not.
 *
 * @param bytes - the whole file
 * @returns the sizes and the bytes
 * @throws {DataError} when the file is damaged, or not of the expected kind or count
 * @source LeCun, Cortes & Burges 1998, "The MNIST database of handwritten digits", section "File formats"
 */
export function decodeIdx(bytes: Uint8Array, expected: IdxExpectation): IdxArray {
  const plain = unpacked(bytes, expected.file);
  const kind = KINDS.get(expected.magic)!;
  const headerSize = expected.magic === IDX_IMAGES ? 16 : 8;
  if (plain.length < headerSize) {
    throw new DataError(
      `${expected.file}: an IDX file of ${kind} starts with a header of ${headerSize} bytes; the file has ${plain.length} bytes. ${AGAIN}`,
    );
  }
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
  checkMagic(view.getUint32(0), expected);
  const shape: number[] = [];
  for (let offset = 4; offset < headerSize; offset += 4) shape.push(view.getUint32(offset));
  const values = plain.subarray(headerSize);
  checkLength(values.length, shape, expected.file);
  if (expected.count !== undefined && shape[0] !== expected.count) {
    throw new DataError(
      `${expected.file}: expected ${expected.count} ${kind}; the header says ${shape[0]}. Use the file that belongs to this data set, or pass \`path\` with a folder of your own.`,
    );
  }
  return { shape, values };
}

const AGAIN = "The copy is damaged: fetch the file again.";

function unpacked(bytes: Uint8Array, file: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(
      `${file}: expected a complete gzip file; unpacking it failed with "${reason}". ${AGAIN}`,
      { cause },
    );
  }
}

function checkMagic(magic: number, expected: IdxExpectation): void {
  if (magic === expected.magic) return;
  const kind = KINDS.get(expected.magic)!;
  const other = KINDS.get(magic);
  const fix =
    other === undefined
      ? `This is no IDX file of unsigned bytes. Check its name and where it comes from.`
      : `This is a file of ${other}: the names of two files may be swapped.`;
  throw new DataError(
    `${expected.file}: an IDX file of ${kind} starts with the number ${expected.magic}; this one starts with ${magic}. ${fix}`,
  );
}

function checkLength(actual: number, shape: readonly number[], file: string): void {
  const needed = shape.reduce((product, length) => product * length, 1);
  if (actual === needed) return;
  const found = `the header says ${shape.join(" x ")} = ${needed} bytes of data; ${actual} follow it`;
  const [what, fix] =
    actual < needed
      ? ["The file is cut off", AGAIN]
      : [
          `${actual - needed} bytes too many come after the last record`,
          "Either the header is wrong or something was appended: fetch the file again.",
        ];
  throw new DataError(`${file}: ${found}. ${what}. ${fix}`);
}
