// A trained model as an ONNX file: its forward pass in evaluation mode, with its weights, for other programs to run.
import { createRequire } from "node:module";
import type { GraphContents, Length } from "../../backends/onnx/graph-contents.ts";
import { modelFile } from "../../backends/onnx/model-file.ts";
import { kindOf } from "../../check.ts";
import { ArgumentError } from "../../errors.ts";
import type { Layer } from "../../layers/layer.ts";
import { writeWhole } from "../write-file.ts";
import { generalise } from "./generalise.ts";
import { namedAxes, type OnnxInputs, type OnnxOptions, subjectOf } from "./options.ts";
import { recordAll } from "./record-all.ts";
import type { Recording } from "./recording.ts";
import { type Names, tidied } from "./tidy.ts";

/**
 * Writes a model's forward pass in evaluation mode as an ONNX file.
 *
 * The file has operators of ONNX alone (operator set 20), named inputs and outputs, and the weights. Axes that have a
 * name in `inputs` may have any length when the file runs. The model is left as it was.
 *
 * @param model - whose weights are written; a list of them where `forward` uses several
 * @param path - where to, such as `digits.onnx`; a file of that name is replaced when the new one is complete
 * @throws {TracingError} when the model does what a file cannot say, with the line where it does
 * @throws {ShapeError} when the model does not take inputs of these shapes
 * @throws {ArgumentError} when options do not say what goes in, or how it becomes what comes out
 * @throws {DTypeError} when the model computes in float64
 * @throws {DataError} when the file cannot be written
 */
export async function saveOnnx<Inputs extends OnnxInputs>(
  model: Layer | readonly Layer[],
  path: string,
  options: OnnxOptions<Inputs>,
): Promise<void> {
  if (typeof path !== "string") {
    throw new ArgumentError(
      `saveOnnx: expects the path of a file, got ${kindOf(path)}. Pass a string such as "digits.onnx"; toOnnx gives the bytes.`,
    );
  }
  await writeWhole("saveOnnx", path, toOnnx(model, options));
}

/**
 * The bytes of the file that `saveOnnx` writes.
 *
 * @throws {TracingError} when the model does what a file cannot say, with the line where it does
 * @throws {ShapeError} when the model does not take inputs of these shapes
 * @throws {ArgumentError} when options do not say what goes in, or how it becomes what comes out
 * @throws {DTypeError} when the model computes in float64
 */
export function toOnnx<Inputs extends OnnxInputs>(
  model: Layer | readonly Layer[],
  settings: OnnxOptions<Inputs>,
): Uint8Array {
  // Cells run without a type check: there may be no settings at all.
  const options = { ...settings } as unknown as OnnxOptions;
  const axes = namedAxes(options.inputs);
  const subject = subjectOf(model, options);
  const all = recordAll(subject, options.inputs, axes);
  const { contents, axisNames } = generalise(all);
  const complete = tidied(contents, namesFor(all.recordings[0]!, axisNames));
  checkFileSize(complete);
  return modelFile({ contents: complete }, { version: ownVersion() });
}

function namesFor(recording: Recording, axisNames: ReadonlyMap<string, string>): Names {
  const { inputs, outputs, weights, graph } = recording;
  return [
    ...[...inputs].map(([called, { name }]) => [name, called] as const),
    ...outputs.map((called, index) => [graph.contents.outputs[index]!.name, called] as const),
    ...weights,
    ...axisNames,
  ];
}

/** Longest message of the file format. */
const MOST_BYTES = 2 ** 31 - 1;
/** What the names and nodes of a large model take, and more. */
const MARGIN = 2 ** 24;

/** A file of this format ends at 2 GB. @throws {ArgumentError} */
export function checkFileSize({ initializers }: Pick<GraphContents<Length>, "initializers">): void {
  const bytes = initializers.reduce((sum, { data }) => sum + data.byteLength, 0);
  if (bytes <= MOST_BYTES - MARGIN) return;
  throw new ArgumentError(
    `saveOnnx: an ONNX file holds up to 2 GB, but the weights are ${(bytes / 1e9).toFixed(2)} GB. ` +
      "Write parts of the model to files of their own, or save the weights alone in a safetensors file.",
  );
}

function ownVersion(): string {
  const require = createRequire(import.meta.url);
  return (require("gradlab/package.json") as { version: string }).version;
}
