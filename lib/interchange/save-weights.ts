// Weights in a file: the ending of its name says the format.
import { extname } from "node:path";
import { kindOf } from "../check.ts";
import { ArgumentError, DataError } from "../errors.ts";
import type { Layer } from "../layers/layer.ts";
import type { Tensor } from "../tensor.ts";
import { checkBraces } from "./braces.ts";
import { weightsOf } from "./checkpoint.ts";
import { readNpz, writeNpz } from "./npz.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import { type Layout, type LayoutOptions, loadStateDict, stateDict } from "./state-dict.ts";
import { readWhole } from "./read-file.ts";
import { writeWhole } from "./write-file.ts";

/** A kind of file for weights. */
interface Format {
  readonly write: (tensors: ReadonlyMap<string, Tensor>, layout: Layout) => Uint8Array;
  /** The tensors, and the layout where the file says it. */
  readonly read: (bytes: Uint8Array) => { tensors: Map<string, Tensor>; layout?: Layout };
}

// What the metadata entry "format" says of a layout; "pt" is what PyTorch's programs write and ask for.
const FORMAT_WORD: Readonly<Record<Layout, string>> = { gradlab: "gradlab", torch: "pt" };

const FORMATS: ReadonlyMap<string, Format> = new Map([
  [
    ".safetensors",
    {
      write: (tensors, layout) =>
        writeSafetensors(tensors, { metadata: { format: FORMAT_WORD[layout] } }),
      read: (bytes) => {
        const file = readSafetensors(bytes);
        const isTorch = file.metadata["format"] === FORMAT_WORD.torch;
        return { tensors: weightsOf(file), ...(isTorch && { layout: "torch" }) };
      },
    },
  ],
  [
    ".npz",
    { write: (tensors) => writeNpz(tensors), read: (bytes) => ({ tensors: readNpz(bytes) }) },
  ],
]);

/**
 * Writes the weights and running statistics of a model to a file, `.safetensors` or `.npz`.
 *
 * The file is replaced when the new one is complete: a full disk or a stopped program leaves the old one. What training
 * needs besides the weights, such as Adam's moments, is not in it.
 *
 * @param path - such as `digits.safetensors`
 * @throws {ArgumentError} when the name has another ending
 * @throws {DataError} when the file cannot be written
 */
export async function saveWeights(
  model: Layer,
  path: string,
  options: LayoutOptions = {},
): Promise<void> {
  const { write } = formatOf("saveWeights", path);
  checkBraces("saveWeights", options);
  const { layout = "gradlab" } = options;
  // Both before the first wait: the weights are those of now, whatever trains on meanwhile.
  const bytes = write(stateDict(model, { layout }), layout);
  await writeWhole("saveWeights", path, bytes);
}

/**
 * Reads weights and running statistics from a file into a model of the same parts; all of them or none.
 *
 * A `.safetensors` file may say that it has PyTorch's layout; otherwise it is gradlab's unless given. Of a file of
 * `saveCheckpoint` the weights are taken.
 *
 * @param path - a `.safetensors` or `.npz` file
 * @throws {ArgumentError} when the name has another ending
 * @throws {DataError} when the file is missing or damaged, or does not fit the model, which is then unchanged
 */
export async function loadWeights(
  model: Layer,
  path: string,
  options: LayoutOptions = {},
): Promise<void> {
  const { read } = formatOf("loadWeights", path);
  checkBraces("loadWeights", options);
  const bytes = await readWhole("loadWeights", path);
  try {
    const { tensors, layout = "gradlab" } = read(bytes);
    loadStateDict(model, tensors, { layout: options.layout ?? layout });
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    throw new DataError(`${path}: ${cause.message}`, { cause });
  }
}

function formatOf(owner: string, path: unknown): Format {
  const known = [...FORMATS.keys()].join(" or ");
  if (typeof path !== "string") {
    throw new ArgumentError(
      `${owner}: expects the path of a file, got ${kindOf(path)}. Pass a string that ends in ${known}.`,
    );
  }
  const format = FORMATS.get(extname(path).toLowerCase());
  if (format !== undefined) return format;
  const hint = [".pt", ".pth", ".bin", ".ckpt"].includes(extname(path).toLowerCase())
    ? "Files of torch.save can run programs when they are opened; in Python, write the weights with safetensors.torch.save_file or numpy.savez."
    : "Rename the file.";
  throw new ArgumentError(
    `${owner}: expects a file that ends in ${known}, which says its format; got ${JSON.stringify(path)}. ${hint}`,
  );
}
