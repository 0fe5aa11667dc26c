// An ONNX file as a layer: its numbers are computed by ONNX Runtime, in evaluation mode, for any batch that it takes.
import { failureReason } from "../../backends/onnx/failure-reason.ts";
import {
  requireOnnxRuntime,
  type RuntimePort,
  type RuntimeSession,
  type RuntimeTensor,
} from "../../backends/onnx/runtime.ts";
import { type MimeBundle, tableBundle } from "../../display.ts";
import type { TypedArray } from "../../dtype.ts";
import { ArgumentError, BackendError, ShapeError, StateError, TracingError } from "../../errors.ts";
import { Layer } from "../../layers/layer.ts";
import { fromTypedArray } from "../../ops/creation.ts";
import { type Shape, shapeText } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { type FileType, fileType, fromFile, toFile } from "./element-types.ts";
import { checkInputs, described, lengths, listed, type Ports, UNKNOWN } from "./ports.ts";
import type { NamedTensors } from "./recording.ts";

/**
 * A model from an ONNX file. It is a layer that is not trained: `predict` and `accuracy` take it, and new layers can be
 * trained behind it in a `Sequential`, op by op: a compiled step cannot hold it.
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
        `${this.#file}: forward takes one tensor and gives one, but the inputs are ${listed(inputs)} and the outputs ${listed(outputs)}. Call run({ ${inputs.join(", ")} }) for outputs by name.`,
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
   * @throws {TracingError} inside of a step or a model that is being recorded
   */
  run(inputs: NamedTensors): Record<string, Tensor> {
    if (this.#session === undefined) {
      throw new StateError(
        `${this.#file}: the model must be open, but dispose was called. Load the file again.`,
      );
    }
    checkInputs(this.#file, this.inputs, inputs);
    const { tensor } = requireOnnxRuntime();
    const given = Object.entries(inputs).map(([name, input]) => {
      const type = this.#types.get(name)!;
      const numbers = toFile(type, numbersOf(this.#file, input));
      return [name, tensor(type, numbers, input.shape)] as const;
    });
    const wanted = Object.fromEntries(Object.keys(this.outputs).map((name) => [name, null]));
    const results = this.#compute(this.#session, Object.fromEntries(given), wanted);
    const read = ([name, { data, dims }]: [string, RuntimeTensor]): [string, Tensor] => {
      checkNotEmpty(`${this.#file}: ${name}`, dims);
      const numbers = fromFile(`${name} of ${this.#file}`, data);
      return [name, fromTypedArray(numbers, dims, { copy: false })];
    };
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
    const lengths = Object.values(this.inputs)[0]?.shape.slice(1);
    return lengths?.every((length) => typeof length === "number") ? lengths : undefined;
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

// While a step or a model is recorded, tensors have shapes and no numbers.
function numbersOf(file: string, { backend, value }: Tensor): TypedArray {
  try {
    return backend.read(value);
  } catch (cause) {
    if (!(cause instanceof TracingError)) throw cause;
    throw new TracingError(
      `${file}: a model from a file takes numbers, but here a step or another model is recorded, whose tensors have shapes alone. ` +
        "Run it before, over all examples at once, as in predict(loaded, inputs), and train or export the layers behind it on what comes out.",
      { cause },
    );
  }
}

function checkNotEmpty(what: string, shape: Shape): void {
  if (!shape.includes(0)) return;
  throw new ShapeError(
    `${what} must have at least one element, as every tensor here, but for these inputs it is ${shapeText(shape)}. ` +
      "Hand in something that it can find, or export the model without this output.",
  );
}
