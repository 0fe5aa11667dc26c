// A model's forward pass as a graph for certain sizes, recorded in evaluation mode; the model is left as it was.
import type { Backend } from "../../backends/backend.ts";
import { CallSite } from "../../backends/onnx/call-sites.ts";
import { Graph, type GraphValue } from "../../backends/onnx/graph.ts";
import { Recorder } from "../../backends/onnx/recorder.ts";
import { withBackend } from "../../backends/select.ts";
import { kindOf } from "../../check.ts";
import { type DType, dtypeOf } from "../../dtype.ts";
import { ArgumentError, DTypeError, TracingError } from "../../errors.ts";
import type { Layer, Parameter } from "../../layers/layer.ts";
import { valuesOn } from "../../ops/dispatch.ts";
import { type Shape, shapeText } from "../../shape.ts";
import { Tensor } from "../../tensor.ts";
import { stateDict } from "../state-dict.ts";

/** Tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** What is recorded. */
export interface Subject {
  /** Whose weights are in the file. */
  readonly models: readonly Layer[];
  /** From the inputs to the outputs, by name. */
  readonly forward: (inputs: NamedTensors) => NamedTensors;
}

/** Shapes and element types by name. */
export type TensorTypes = Readonly<
  Record<string, { readonly shape: Shape; readonly dtype: DType }>
>;

/** A forward pass with certain sizes. */
export interface Recording {
  readonly graph: Graph;
  /** Inputs of the graph by the names that the user gave them. */
  readonly inputs: ReadonlyMap<string, GraphValue>;
  /** Names of the outputs, in the order of the graph's outputs. */
  readonly outputs: readonly string[];
  /** Names of weights and states, by their names in the graph. */
  readonly weights: ReadonlyMap<string, string>;
  /** Where the ops were called, by the number in the labels of their nodes. */
  readonly sites: readonly CallSite[];
}

/**
 * Records a forward pass. Weights and what they are called are in the graph; nothing is computed.
 *
 * @throws {TracingError} when it does what a file cannot do
 */
export function recordForward({ models, forward }: Subject, types: TensorTypes): Recording {
  const graph = new Graph(undefined, { family: "standard" });
  const recorder = new Recorder(graph);
  const backend = exporting(recorder.backend);
  const weights = namedWeights(models, backend);
  const inputs = new Map(
    Object.entries(types).map(([name, type]) => [name, graph.parameter(type)]),
  );
  const tensors = Object.fromEntries(
    [...inputs].map(([name, value]) => [name, new Tensor(backend, value)]),
  );
  const results = leavingAsItWas(models, () => withBackend(backend, () => forward(tensors)));
  const outputs = Object.entries(checkResults(results, types));
  for (const [index, [, tensor]] of outputs.entries()) {
    const [value] = valuesOn(backend, [tensor]) as [GraphValue];
    graph.output(value, `result ${index}`);
  }
  return { graph, inputs, outputs: outputs.map(([name]) => name), weights, sites: recorder.sites };
}

// Evaluation mode meanwhile; afterwards modes, weights, gradients and what backward needs are what they were.
function leavingAsItWas<Result>(models: readonly Layer[], body: () => Result): Result {
  const layers = models.flatMap((model) => model.layers());
  const backToNow = [
    ...models.flatMap((model) => [...model.parameters(), ...model.states()]).map(keeping),
    ...models.flatMap((model) => model.parameters()).map(keepingGradient),
    ...layers.map(keepingFields),
  ];
  try {
    for (const model of models) model.eval();
    return body();
  } finally {
    for (const goBack of backToNow) goBack();
  }
}

function keeping(slot: { value: Tensor }): () => void {
  const { value } = slot;
  return () => {
    slot.value = value;
  };
}

function keepingGradient(parameter: Parameter): () => void {
  const { gradient } = parameter;
  return () => {
    parameter.gradient = gradient;
  };
}

// Modes, and what forward saves for backward.
function keepingFields(layer: Layer): () => void {
  const { training } = layer;
  const fields = Object.fromEntries(Object.entries(layer));
  return () => {
    const fresh = Object.keys(layer).filter((name) => !Object.hasOwn(fields, name));
    for (const name of fresh) Reflect.deleteProperty(layer, name);
    Object.assign(layer, fields);
    layer.training = training;
  };
}

// Asking for them puts them into the graph.
function namedWeights(models: readonly Layer[], backend: Backend): Map<string, string> {
  const names = new Map<string, string>();
  for (const [index, model] of models.entries()) {
    const prefix = models.length === 1 ? "" : `${index}.`;
    for (const [path, { value, backend: owner }] of stateDict(model)) {
      const { name } = backend.adopt(value, owner) as GraphValue;
      if (!names.has(name)) names.set(name, prefix + path);
    }
  }
  return names;
}

// The recorder, with what a file cannot hold refused in the words of an export.
function exporting(backend: Backend): Backend {
  return {
    ...backend,
    fromHost: (data, shape) => {
      checkNotDouble(dtypeOf(data));
      return backend.fromHost(data, shape);
    },
    fill: (value, shape, dtype) => {
      checkNotDouble(dtype);
      return backend.fill(value, shape, dtype);
    },
    adopt: (x, owner) => {
      checkNotDouble(x.dtype);
      return backend.adopt(x, owner);
    },
    drawn: (_draw, shape) => {
      throw new TracingError(
        `saveOnnx: a model in a file gives the same for the same inputs, but draws ${shapeText(shape)}: ${new CallSite("chance").text}. ` +
          "Draw while training only: if (this.training) ...; or hand the numbers in as an input.",
      );
    },
    read: () => {
      throw new TracingError(
        `saveOnnx: while a model is recorded its tensors have shapes and no numbers; ${new CallSite("a number was asked for").text}. ` +
          "Choose with where(...) instead of if; if the file is written already, call forward again before backward.",
      );
    },
  };
}

function checkNotDouble(dtype: DType): void {
  if (dtype !== "float64") return;
  throw new DTypeError(
    `saveOnnx: weights and numbers must be float32, int32 or bool, got ${new CallSite("float64").text}. ` +
      'Make the model in float32, or convert the tensor: cast(x, "float32").',
  );
}

function checkResults(results: unknown, inputs: TensorTypes): NamedTensors {
  const named = results instanceof Tensor ? {} : (results ?? {});
  const entries = Object.entries(named as Record<string, unknown>);
  const wrong = entries.find(([, value]) => !(value instanceof Tensor));
  if (entries.length === 0 || wrong !== undefined) {
    throw new ArgumentError(
      `saveOnnx: forward must return tensors by name, got ${wrong ? `${wrong[0]}: ${kindOf(wrong[1])}` : kindOf(results)}. ` +
        "End it with, for example: return { logits };",
    );
  }
  const twice = entries.find(([name]) => name === "" || Object.hasOwn(inputs, name));
  if (twice === undefined) return results as NamedTensors;
  throw new ArgumentError(
    `saveOnnx: every output needs a name that no input has, got ${JSON.stringify(twice[0])}. Rename it.`,
  );
}
