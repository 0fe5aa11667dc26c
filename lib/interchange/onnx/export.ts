// A trained model as an ONNX file: its forward pass in evaluation mode, with its weights, for other programs to run.
import { createRequire } from "node:module";
import type { GraphContents, Length } from "../../backends/onnx/graph.ts";
import { modelFile } from "../../backends/onnx/model-file.ts";
import { checkDType, kindOf } from "../../check.ts";
import type { DType } from "../../dtype.ts";
import { ArgumentError, ShapeError } from "../../errors.ts";
import { Layer } from "../../layers/layer.ts";
import { writeWhole } from "../write-file.ts";
import { MOST_AXES, samplings, sized, type Sizes, sizesText } from "./axes.ts";
import { generalise } from "./generalise.ts";
import { type NamedTensors, recordForward, type Recording, type Subject } from "./recording.ts";
import type { AxisPlace } from "./size-arithmetic.ts";
import { type Names, tidied } from "./tidy.ts";

/** What an input of a file is. */
export interface OnnxInput {
  /** Lengths of the axes: a number, or a name for one that may be any number, as in `["batch", 784]`. */
  readonly shape: readonly (number | string)[];
  /** float32 unless given; int32 for the numbers of words. */
  readonly dtype?: DType;
}

/** What is written. */
export interface OnnxOptions {
  /** What goes in, by name. Axes of one name have one length. */
  readonly inputs: Readonly<Record<string, OnnxInput>>;
  /** What the output is called, where the model gives one: `"output"` unless given. */
  readonly output?: string;
  /**
   * How the outputs come from the inputs, where it is not `model.forward(input)`, such as
   * `({ words, mask }) => ({ logits: model.forward(words, { paddingMask: mask }) })`.
   */
  readonly forward?: (inputs: NamedTensors) => NamedTensors;
}

/**
 * Writes a model's forward pass in evaluation mode as an ONNX file.
 *
 * The file has operators of ONNX alone (operator set 20), named inputs and outputs, and the weights. Axes that have a
 * name in `inputs` may have any length when the file runs. The model is left as it was. Call `sync` before, where a
 * compiled step trains it.
 *
 * @param model - whose weights are written; a list of them where `forward` uses several
 * @param path - where to, such as `digits.onnx`; a file of that name is replaced when the new one is complete
 * @throws {TracingError} when the model does what a file cannot say, with the line where it does
 * @throws {ShapeError} when the model does not take inputs of these shapes
 * @throws {DataError} when the file cannot be written
 */
export async function saveOnnx(
  model: Layer | readonly Layer[],
  path: string,
  options: OnnxOptions,
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
 */
export function toOnnx(model: Layer | readonly Layer[], settings: OnnxOptions): Uint8Array {
  const options: OnnxOptions = { ...settings };
  const subject = subjectOf(model, options);
  const axes = checkInputs(options.inputs);
  const { names, grid, checks } = samplings(axes);
  const sizes = [...grid];
  const recordings = grid.map((each) => record(subject, options, each));
  for (const each of checks) {
    const recording = recordIfPossible(subject, options, each);
    if (recording === undefined) continue;
    recordings.push(recording);
    sizes.push(each);
  }
  const [first] = recordings as [Recording];
  const places = placesOf(options.inputs, first);
  const { contents, axisNames } = generalise({ names, sizes, recordings, places });
  const complete = tidied(contents, namesFor(first, axisNames));
  checkFileSize(complete);
  return modelFile({ contents: complete }, { version: ownVersion() });
}

function subjectOf(model: unknown, { inputs, output = "output", forward }: OnnxOptions): Subject {
  const models: unknown[] = Array.isArray(model) ? model : [model];
  const wrong = models.find((each) => !(each instanceof Layer));
  if (wrong !== undefined || model === undefined) {
    throw new ArgumentError(
      `saveOnnx: expects a layer, or a list of layers, got ${kindOf(wrong)}. Pass the model itself, and what happens around it as forward.`,
    );
  }
  const layers = models as Layer[];
  if (forward) return { models: layers, forward };
  const names = Object.keys(inputs ?? {});
  if (layers.length !== 1 || names.length > 1) {
    throw new ArgumentError(
      `saveOnnx: one model with one input can be written as it is, got ${layers.length} models and ${names.length} inputs. ` +
        `Say how they go together: forward: ({ ${names.join(", ")} }) => ({ ${output}: ... }).`,
    );
  }
  const [layer] = layers as [Layer];
  return {
    models: layers,
    forward: (tensors) => ({ [output]: layer.forward(Object.values(tensors)[0]!) }),
  };
}

/** Names of axes are as in a program: a file writes sums and products of them. */
const AXIS_NAME = /^[A-Za-z_]\w*$/;

// The names of axes, in the order in which they come.
function checkInputs(inputs: unknown): string[] {
  const entries = Object.entries((inputs ?? {}) as Record<string, OnnxInput | undefined>);
  const example = 'inputs: { image: { shape: ["batch", 784] } }';
  if (entries.length === 0) {
    throw new ArgumentError(
      `saveOnnx: inputs must say what goes in, by name, got ${kindOf(inputs)}. Write, for example, ${example}.`,
    );
  }
  for (const [name, input] of entries) checkInput(name, input, example);
  const axes = entries.flatMap(([, input]) =>
    input!.shape.filter((length) => typeof length === "string"),
  );
  const names = [...new Set(axes)];
  if (names.length <= MOST_AXES) return names;
  throw new ArgumentError(
    `saveOnnx: at most ${MOST_AXES} axes may have names, got ${names.length}: ${names.join(", ")}. Write numbers for those that do not change.`,
  );
}

function checkInput(name: string, input: OnnxInput | undefined, example: string): void {
  const shape: unknown = input?.shape;
  const isLength = (length: unknown): boolean =>
    typeof length === "string"
      ? AXIS_NAME.test(length)
      : Number.isSafeInteger(length) && (length as number) >= 1;
  if (name === "" || !Array.isArray(shape) || !shape.every(isLength)) {
    throw new ShapeError(
      `saveOnnx: input ${JSON.stringify(name)} needs a name, and its shape must be a list of whole numbers from 1 on and names such as "batch", got ${JSON.stringify(shape)}. Write, for example, ${example}.`,
    );
  }
  if (input?.dtype !== undefined) checkDType("saveOnnx", input.dtype);
}

function record(subject: Subject, { inputs }: OnnxOptions, sizes: Sizes): Recording {
  const types = Object.entries(inputs).map(
    ([name, { shape, dtype = "float32" }]) =>
      [name, { shape: sized(shape, sizes), dtype }] as const,
  );
  try {
    return recordForward(subject, Object.fromEntries(types));
  } catch (error) {
    if (!(error instanceof ShapeError) || Object.keys(sizes).length === 0) throw error;
    throw new ShapeError(
      `saveOnnx: the model must take inputs with named axes of any length, but with ${sizesText(sizes)} it says: ${error.message} ` +
        "Write a number for an axis that has one length only.",
      { cause: error },
    );
  }
}

// Very small sizes need not fit: a window may be larger.
function recordIfPossible(
  subject: Subject,
  options: OnnxOptions,
  sizes: Sizes,
): Recording | undefined {
  try {
    return record(subject, options, sizes);
  } catch (error) {
    if (error instanceof ShapeError || error instanceof ArgumentError) return undefined;
    throw error;
  }
}

function placesOf(inputs: OnnxOptions["inputs"], recording: Recording): Map<string, AxisPlace> {
  const places = new Map<string, AxisPlace>();
  for (const [name, { shape }] of Object.entries(inputs)) {
    const input = recording.inputs.get(name)!;
    for (const [axis, length] of shape.entries()) {
      if (typeof length === "string" && !places.has(length)) places.set(length, { input, axis });
    }
  }
  return places;
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
