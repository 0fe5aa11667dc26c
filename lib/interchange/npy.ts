// npy, NumPy's file of one array: a magic word, a header that is a Python dictionary, then the numbers.
import { checkTensor } from "../check.ts";
import type { DType } from "../dtype.ts";
import { DataError } from "../errors.ts";
import { transpose } from "../ops/arrange.ts";
import { fromTypedArray } from "../ops/creation.ts";
import type { Tensor } from "../tensor.ts";
import { checkBytes, joinBytes, readElements, writeElements } from "./elements.ts";
import { MAGIC, type NpyHeader, readNpyHeader } from "./npy-header.ts";

/**
 * Reads an npy file, of version 1 to 3, in either byte order.
 *
 * float32, float64, int32 and bool stay what they are; float16 widens to float32, and short integers to int32, without a
 * change; int64, uint64 and uint32 become int32 where all their numbers fit. Columns that NumPy keeps together
 * (Fortran order) are put into rows.
 *
 * @param bytes - the whole file
 * @throws {DataError} when the file is cut off or too long, or holds something other than numbers
 */
export function readNpy(bytes: Uint8Array): Tensor {
  checkBytes("readNpy", bytes);
  return readArray("readNpy", bytes, readNpyHeader("readNpy", bytes));
}

/** The array of a file whose header is known. */
export function readArray(owner: string, bytes: Uint8Array, header: NpyHeader): Tensor {
  const { type, isLittleEndian, isFortranOrder, shape, dataStart, dataLength } = header;
  const data = bytes.subarray(dataStart);
  if (data.length !== dataLength) {
    const what = data.length < dataLength ? "The file is cut off" : "More than one array is in it";
    throw new DataError(
      `${owner}: ${type} of shape [${shape.join(", ")}] takes ${dataLength} bytes behind the header, got ${data.length}. ${what}: fetch it again, or save it anew with numpy.save.`,
    );
  }
  const numbers = readElements(owner, { type, bytes: data, isLittleEndian });
  if (!isFortranOrder) return fromTypedArray(numbers, shape, { copy: false });
  // The first axis runs fastest: row by row this is the transposed array.
  return transpose(fromTypedArray(numbers, shape.toReversed(), { copy: false }));
}

/** The bytes of an npy file, version 1, with a tensor of any shape. */
export function writeNpy(x: Tensor): Uint8Array {
  checkTensor("writeNpy", x);
  const shape = x.rank === 1 ? `(${x.size},)` : `(${x.shape.join(", ")})`;
  const dictionary = `{'descr': '${DESCRIPTIONS[x.dtype]}', 'fortran_order': False, 'shape': ${shape}, }`;
  // Spaces and a line end, so that the numbers start at a multiple of 64.
  const length = Math.ceil((PREFIX_BYTES + dictionary.length + 1) / 64) * 64;
  const header = Buffer.alloc(length, " ");
  header.set([...MAGIC, 1, 0]);
  header.writeUInt16LE(length - PREFIX_BYTES, MAGIC.length + 2);
  header.write(`${dictionary.padEnd(length - PREFIX_BYTES - 1)}\n`, PREFIX_BYTES, "latin1");
  return joinBytes([header, writeElements(x.toTypedArray())]);
}

const DESCRIPTIONS: Readonly<Record<DType, string>> = {
  float32: "<f4",
  float64: "<f8",
  int32: "<i4",
  bool: "|b1",
};

// Magic word, two bytes of version, two bytes of length.
const PREFIX_BYTES = MAGIC.length + 4;
