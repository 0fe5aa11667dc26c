// npz, NumPy's file of named arrays: a zip archive with one npy file for each.
import { DataError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { checkBytes } from "./elements.ts";
import { quoted } from "./excerpt.ts";
import { checkNamedTensors } from "./named-tensors.ts";
import { readArray, writeNpy } from "./npy.ts";
import { MAX_NPY_HEADER_BYTES, readNpyHeader } from "./npy-header.ts";
import { readZip, unpack, unpackStart, type ZipEntry } from "./zip.ts";
import { writeZip } from "./zip-writer.ts";

const ENDING = ".npy";

/**
 * Reads an npz file, as `numpy.savez` and `numpy.savez_compressed` write it; numbers as `readNpy` reads them.
 *
 * @param bytes - the whole file
 * @throws {DataError} when the archive is damaged, or an array holds something other than numbers
 */
export function readNpz(bytes: Uint8Array): Map<string, Tensor> {
  checkBytes("readNpz", bytes);
  const tensors = new Map<string, Tensor>();
  for (const entry of readZip("readNpz", bytes)) {
    const name = entry.name.slice(0, -ENDING.length);
    if (!entry.name.endsWith(ENDING) || tensors.has(name)) {
      const what = tensors.has(name) ? "stands there twice" : "is none";
      throw new DataError(
        `readNpz: expects an archive of npy files with names of their own; ${quoted(entry.name)} ${what}. Save the arrays with numpy.savez.`,
      );
    }
    tensors.set(name, arrayOf(entry, `readNpz: ${quoted(name)}`));
  }
  return tensors;
}

/**
 * The bytes of an npz file with these tensors, of any shape, for `numpy.load`.
 *
 * @throws {ArgumentError} when they take more than 4 GiB
 */
export function writeNpz(tensors: ReadonlyMap<string, Tensor>): Uint8Array {
  checkNamedTensors("writeNpz", tensors);
  const files = [...tensors].map(([name, tensor]) => [name + ENDING, writeNpy(tensor)] as const);
  return writeZip("writeNpz", files);
}

// The header says how large the array is before anything large is unpacked.
function arrayOf(entry: ZipEntry, owner: string): Tensor {
  const header = readNpyHeader(owner, unpackStart(owner, entry, MAX_NPY_HEADER_BYTES));
  const expected = header.dataStart + header.dataLength;
  if (entry.size === expected) return readArray(owner, unpack(owner, entry), header);
  throw new DataError(
    `${owner}: an array of this shape takes ${expected} bytes, got ${entry.size} by the archive's directory. The file is damaged: fetch it again, or save it anew with numpy.savez.`,
  );
}
