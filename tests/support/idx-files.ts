// Writes tiny IDX files into a folder of its own, for loaders to read.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** An IDX file: the words of its header, big-endian, then bytes. */
export function idxBytes(words: readonly number[], values: ArrayLike<number>): Buffer {
  const header = Buffer.alloc(4 * words.length);
  for (const [index, word] of words.entries()) header.writeUInt32BE(word, 4 * index);
  return Buffer.concat([header, Buffer.from(Array.from(values))]);
}

/** A temporary folder with these files, which goes away after the test. */
export function folderOf(files: Record<string, Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), "gradlab-idx-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return folder;
}

/** The four files of a data set in MNIST's form: 3 and 2 images of 2 x 2 pixels. */
export function tinyMnist(): Record<string, Uint8Array> {
  return {
    "train-images-idx3-ubyte": idxBytes([2051, 3, 2, 2], [0, 51, 102, 255, 1, 2, 3, 4, 5, 6, 7, 8]),
    "train-labels-idx1-ubyte": idxBytes([2049, 3], [7, 0, 9]),
    "t10k-images-idx3-ubyte": idxBytes([2051, 2, 2, 2], [0, 0, 0, 0, 255, 255, 255, 255]),
    "t10k-labels-idx1-ubyte": idxBytes([2049, 2], [1, 2]),
  };
}
