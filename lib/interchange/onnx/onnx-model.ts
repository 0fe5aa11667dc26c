// An ONNX file as a layer: its numbers are computed by ONNX Runtime, in evaluation mode, for any batch that it takes.
import { failureReason } from "../../backends/onnx/failure-reason.ts";
import {
  requireOnnxRuntime,
  type RuntimePort,
  type RuntimeSession,
  type RuntimeTensor,
} from "../../backends/onnx/runtime.ts";
import { checkTensor } from "../../check.ts";
import { type MimeBundle, tableBundle } from "../../display.ts";
import type { DType } from "../../dtype.ts";
import { ArgumentError, BackendError, DTypeError, ShapeError, StateError } from "../../errors.ts";
import { Layer } from "../../layers/layer.ts";
import { fromTypedArray } from "../../ops/creation.ts";
import { type Shape, shapeText } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { type FileType, fileType, fromFile, tensorType, toFile } from "./element-types.ts";
import type { NamedTensors } from "./recording.ts";

/** What goes into a model or comes out of it. */
export interface OnnxPort {
  /** Lengths of the axes: a number, the name of one that may be any number, or "?" for one without a name. */
  readonly shape: readonly (number | string)[];
  readonly dtype: DType;
}

type Ports = Readonly<Record<string, OnnxPort>>;

/** An axis that the file says nothing about. */
const UNKNOWN = "?";

/**
 * A model from an ONNX file. It is a layer that is not trained: `predict` and `accuracy` take it, and new layers can be
 * trained behind it in a `Sequential`.
 */
export class OnnxModel extends Layer {
  /** What the model takes, by name. */
  readonly inputs: Ports;
  /** What it gives, by name. */
  readonly outputs: Ports;
  readonly #file: string;
  readonly #types: ReadonlyMap<string, FileType>;
  #session: RuntimeSession | undefined;

  /** For `loadOnnx`. */
  constructor(session: RuntimeSession, file: string) {
    super();
    const { inputs, outputs } = requireOnnxRuntime().ports(session);
    const typeOf = (side: string, { name, type, isTensor }: RuntimePort): FileType =>
      fileType(`${side} ${name} of ${file}`, isTensor ? type : 0);
    this.#types = new Map(inputs.map((port) => [port.name, typeOf("input", port)]));
    this.inputs = described(inputs, (port) => typeOf("input", port));
    this.outputs = described(outputs, (port) => typeOf("output", port));
    this.#file = file;
    this.#session = session;
    this.training = false;
  }

  /**
   * The output for an input of any shape that the model takes, where it has one of each.
   *
   * @throws {ShapeError} when the shape is not that of `inputs`
   * @throws {DTypeError} when the element type is not
   * @throws {ArgumentError} when there are more inputs or outputs
   * @throws {BackendError} when the model fails for these numbers
   */
  forward(input: Tensor): Tensor {
    const [inputs, outputs] = [Object.keys(this.inputs), Object.keys(this.outputs)];
    if (inputs.length !== 1 || outputs.length !== 1) {
      throw new ArgumentError(
        `${this.#file}: forward takes one tensor and gives one, but the inputs are ${inputs.join(", ")} and the outputs ${outputs.join(", ")}. Call run({ ${inputs.join(", ")} }) for outputs by name.`,
      );
    }
    return this.run({ [inputs[0]!]: input })[outputs[0]!]!;
  }

  /**
   * All outputs by name for all inputs by name, of any shapes that the model takes.
   *
   * @throws {ShapeError} when a shape is not that of `inputs`
   * @throws {DTypeError} when an element type is not
   * @throws {ArgumentError} when an input is missing or unknown
   * @throws {BackendError} when the model fails for these numbers
   */
  run(inputs: NamedTensors): Record<string, Tensor> {
    if (this.#session === undefined) {
      throw new StateError(
        `${this.#file}: the model must be open, but dispose was called. Load the file again.`,
      );
    }
    checkInputs(this.#file, this.inputs, inputs);
    const { tensor } = requireOnnxRuntime();
    const given = Object.entries(inputs).map(([name, { backend, value, shape }]) => {
      const type = this.#types.get(name)!;
      return [name, tensor(type, toFile(type, backend.read(value)), shape)] as const;
    });
    const wanted = Object.fromEntries(Object.keys(this.outputs).map((name) => [name, null]));
    const results = this.#compute(this.#session, Object.fromEntries(given), wanted);
    const read = ([name, { data, dims }]: [string, RuntimeTensor]): [string, Tensor] => [
      name,
      fromTypedArray(fromFile(`${name} of ${this.#file}`, data), dims, { copy: false }),
    ];
    return Object.fromEntries(Object.entries(results).map(read));
  }

  #compute(
    session: RuntimeSession,
    given: Readonly<Record<string, RuntimeTensor>>,
    wanted: Readonly<Record<string, null>>,
  ): Record<string, RuntimeTensor> {
    try {
      return session.run(given, wanted, {});
    } catch (cause) {
      throw new BackendError(
        `${this.#file}: the inputs must be numbers that the model can compute with, but ONNX Runtime says: ${failureReason(cause as Error)}. ` +
          "Check indices, and sizes that belong together.",
        { cause },
      );
    }
  }

  /** @throws {StateError} always: a file has no backward pass; `gradOutput` may have any shape */
  backward(_gradOutput: Tensor): Tensor {
    throw new StateError(
      `${this.#file}: a model from a file computes forward only, but backward was called. Put it first in a Sequential, and train the layers behind it.`,
    );
  }

  // It has nothing to train, and as the first layer nobody asks for the gradient of its input.
  override accumulateGradients(): void {}

  /** Frees the memory of the model, which cannot run any more; without, that happens when nobody refers to it. */
  dispose(): void {
    this.#session?.dispose();
    this.#session = undefined;
  }

  override outputShape(inputShape: Shape): Shape | undefined {
    const [[input], [output]] = [Object.values(this.inputs), Object.values(this.outputs)];
    const sizes = new Map(input?.shape.map((length, axis) => [length, inputShape[axis]]));
    const shape = output?.shape.map((length) =>
      typeof length === "number" ? length : length === UNKNOWN ? undefined : sizes.get(length),
    );
    return shape?.every((length) => length !== undefined) ? shape : undefined;
  }

  override get exampleShape(): Shape | undefined {
    const [, ...lengths] = Object.values(this.inputs)[0]!.shape;
    return lengths.every((length) => typeof length === "number") ? lengths : undefined;
  }

  override toString(): string {
    return `OnnxModel(${this.#file})`;
  }

  /** A table of the inputs and outputs. */
  override toMimeBundle(): MimeBundle {
    const rows = (side: string, ports: Ports): string[][] =>
      Object.entries(ports).map(([name, { shape, dtype }]) => [side, name, lengths(shape), dtype]);
    return tableBundle({
      title: this.toString(),
      columns: ["", "name", "shape", "type"],
      rows: [...rows("input", this.inputs), ...rows("output", this.outputs)],
    });
  }
}

function described(
  ports: readonly RuntimePort[],
  typeOf: (port: RuntimePort) => FileType,
): Record<string, OnnxPort> {
  const described = ports.map((port) => {
    const shape = port.shape.map((length, axis) =>
      length >= 0 ? length : port.symbolicDimensions[axis] || UNKNOWN,
    );
    return [port.name, { shape, dtype: tensorType(typeOf(port)) }] as const;
  });
  return Object.fromEntries(described);
}

const lengths = (shape: readonly (number | string)[]): string => `[${shape.join(", ")}]`;

function checkInputs(file: string, ports: Ports, given: NamedTensors): void {
  const [expected, names] = [Object.keys(ports), Object.keys(given ?? {})];
  const wrong = [
    ...names.filter((name) => !expected.includes(name)),
    ...expected.filter((name) => !names.includes(name)),
  ];
  if (wrong.length > 0) {
    throw new ArgumentError(
      `${file}: the inputs are ${expected.join(", ")}, got ${names.length === 0 ? "none" : names.join(", ")}. Pass exactly those: run({ ${expected.join(", ")} }).`,
    );
  }
  const sizes = new Map<string, number>();
  for (const [name, port] of Object.entries(ports)) {
    checkInput(`${file}: ${name}`, port, given[name]!);
    checkShape(`${file}: ${name}`, port, { shape: given[name]!.shape, sizes });
  }
}

function checkInput(what: string, { shape, dtype }: OnnxPort, given: Tensor): void {
  checkTensor(what, given);
  if (given.dtype === dtype) return;
  throw new DTypeError(
    `${what} must be ${lengths(shape)} of ${dtype}, got ${shapeText(given.shape)} of ${given.dtype}. Convert it first: cast(x, "${dtype}").`,
  );
}

// Axes of one name have one length, in all inputs.
function checkShape(
  what: string,
  { shape }: OnnxPort,
  given: { readonly shape: Shape; readonly sizes: Map<string, number> },
): void {
  const { sizes } = given;
  const fits = shape.map((length, axis) => {
    const actual = given.shape[axis];
    if (typeof length === "number" || actual === undefined) return length === actual;
    if (length === UNKNOWN) return true;
    const known = sizes.get(length) ?? actual;
    sizes.set(length, known);
    return known === actual;
  });
  if (fits.every(Boolean) && shape.length === given.shape.length) return;
  const others = [...sizes].map(([name, size]) => `${name} = ${size}`).join(", ");
  throw new ShapeError(
    `${what} must be ${lengths(shape)}${others === "" ? "" : ` with ${others}`}, got ${shapeText(given.shape)}. ` +
      "Reshape it, or check what the model was exported for.",
  );
}
