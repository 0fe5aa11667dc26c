// What is exported, as the user says it: inputs with named axes, and how the outputs come from them.
import { checkDType, kindOf } from "../../check.ts";
import type { DType } from "../../dtype.ts";
import { ArgumentError, DTypeError, ShapeError } from "../../errors.ts";
import { Layer } from "../../layers/layer.ts";
import type { Tensor } from "../../tensor.ts";
import { MOST_AXES } from "./axes.ts";
import type { NamedTensors, Subject } from "./recording.ts";

/** What an input of a file is. */
export interface OnnxInput {
  /** Lengths of the axes: a number, or a name for one that may be any number, as in `["batch", 784]`. */
  readonly shape: readonly (number | string)[];
  /** float32 unless given; int32 for the numbers of words. */
  readonly dtype?: DType;
}

/** What the inputs of a file are, by name. */
export type OnnxInputs = Readonly<Record<string, OnnxInput>>;

/** What is written. */
export interface OnnxOptions<Inputs extends OnnxInputs = OnnxInputs> {
  /** What goes in, by name. Axes of one name have one length. */
  readonly inputs: Inputs;
  /** What the output is called, where the model gives one: `"output"` unless given. */
  readonly output?: string;
  /**
   * How the outputs come from the inputs, where it is not `model.forward(input)`, such as
   * `({ words, mask }) => ({ logits: model.forward(words, { paddingMask: mask }) })`.
   */
  readonly forward?: (inputs: { readonly [Name in keyof Inputs]: Tensor }) => NamedTensors;
}

/**
 * What is recorded.
 *
 * @throws {ArgumentError} when it is no model, or does not say how inputs and outputs belong to it
 */
export function subjectOf(
  model: unknown,
  { inputs, output = "output", forward }: OnnxOptions,
): Subject {
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

/**
 * The names of axes, in the order in which they come.
 *
 * @throws {ArgumentError} when there are no inputs, or too many names
 * @throws {ShapeError} when a shape is none
 * @throws {DTypeError} when a file has no such element type
 */
export function namedAxes(inputs: unknown): string[] {
  const entries = Object.entries((inputs ?? {}) as Record<string, OnnxInput | undefined>);
  const example = 'inputs: { image: { shape: ["batch", 784] } }';
  if (entries.length === 0 || Array.isArray(inputs)) {
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
  const { dtype = "float32" } = input!;
  checkDType("saveOnnx", dtype);
  if (dtype !== "float64") return;
  throw new DTypeError(
    `saveOnnx: input ${JSON.stringify(name)} must be float32, int32 or bool, got float64. Leave dtype out for float32, which is what models compute in.`,
  );
}
