// One recorded step as a model: recorded for certain batch shapes, and run for so many steps at once.
import { blockSize } from "../backends/onnx/block-probe.ts";
import { Graph, type GraphValue, type ValueType } from "../backends/onnx/graph.ts";
import { Recorder } from "../backends/onnx/recorder.ts";
import {
  type OnnxRuntime,
  type RuntimeSession,
  type RuntimeTensor,
} from "../backends/onnx/runtime.ts";
import { withBackend } from "../backends/select.ts";
import { kindOf } from "../check.ts";
import { TracingError } from "../errors.ts";
import { valuesOn } from "../ops/dispatch.ts";
import { sameShape, shapeText, sizeOf } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import type { CompiledState, Slot } from "./state.ts";

/** Tensors by name, such as `{ inputs, targets }`. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** What a step computes from a batch: the tensors that somebody wants to see. */
export type StepFunction<Batch extends Tensors, Results extends Tensors> = (
  batch: Batch,
) => Results;

/** What a program is recorded for. */
export interface ProgramOptions {
  readonly state: CompiledState;
  /** Shapes and element types of one batch. */
  readonly batch: Readonly<Record<string, ValueType>>;
  /** Steps of one run. */
  readonly steps: number;
  readonly threads: number;
  readonly runtime: OnnxRuntime;
}

/** An input that is written anew for each run. */
interface Feed {
  readonly name: string;
  readonly tensor: RuntimeTensor;
  /** Elements of one step. */
  readonly size: number;
}

interface Recording {
  readonly results: ReadonlyMap<string, GraphValue>;
  readonly states: readonly GraphValue[];
  readonly recorder: Recorder;
}

/** A step that runs without recording: `steps` times in one go. */
export class Program {
  /** Nodes of the model. */
  readonly size: number;
  readonly #options: ProgramOptions;
  readonly #session: RuntimeSession;
  readonly #batchFeeds: ReadonlyMap<string, Feed>;
  readonly #drawFeeds: readonly (Feed & { readonly draw: () => ArrayLike<number> })[];
  readonly #results: readonly { readonly name: string; readonly tensor: RuntimeTensor }[];

  constructor(step: StepFunction<Tensors, Tensors>, options: ProgramOptions) {
    const { state, batch, steps, threads, runtime } = options;
    this.#options = options;
    const outer = new Graph(undefined, { blockSize: blockSize(runtime) });
    const body = steps > 1 ? new Graph(outer) : outer;
    const stateInputs = state.shapes.map((shape, index) =>
      body.input(steps > 1 ? `carried${index}` : `state${index}`, { shape, dtype: "float32" }),
    );
    const batchInputs = new Map(
      Object.entries(batch).map(([name, type]) => [name, body.parameter(type)]),
    );
    const recording = record(step, { body, state, stateInputs, batchInputs });
    const feeds = [...batchInputs.values(), ...recording.recorder.draws.map(({ value }) => value)];
    const names = finish({ outer, body, steps, stateInputs, feeds, recording });
    this.size = outer.size;
    this.#session = runtime.session(outer.toBytes(), { threads });
    const feed = (value: GraphValue, name: string): Feed =>
      feedFor(value, { name, steps, runtime });
    this.#batchFeeds = new Map(
      [...batchInputs].map(([name, value], index) => [name, feed(value, names.feeds[index]!)]),
    );
    this.#drawFeeds = recording.recorder.draws.map(({ value, draw }, index) => ({
      ...feed(value, names.feeds[batchInputs.size + index]!),
      draw,
    }));
    this.#results = [...recording.results].map(([name, { shape }]) => {
      const all = steps > 1 ? [steps, ...shape] : shape;
      return { name, tensor: runtime.tensor("float32", new Float32Array(sizeOf(all)), all) };
    });
  }

  /** Runs as many batches as the program has steps. @returns every result of every step, by name */
  run(batches: readonly Tensors[]): ReadonlyMap<string, Float32Array> {
    const { state } = this.#options;
    for (const [step, batch] of batches.entries()) this.#stage(batch, step);
    const feeds = [...this.#batchFeeds.values(), ...this.#drawFeeds];
    const inputs = Object.fromEntries([
      ...state.current.map((tensor, index) => [`state${index}`, tensor]),
      ...feeds.map(({ name, tensor }) => [name, tensor]),
    ]);
    const outputs = Object.fromEntries([
      ...state.spare.map((tensor, index) => [`newState${index}`, tensor]),
      ...this.#results.map(({ name, tensor }) => [`result.${name}`, tensor]),
    ]);
    this.#session.run(inputs, outputs, {});
    state.swap();
    return new Map(
      this.#results.map(({ name, tensor }) => [name, (tensor.data as Float32Array).slice()]),
    );
  }

  /** What was drawn for the last step of the last run, in order. */
  lastDraws(): readonly RuntimeTensor["data"][] {
    return this.#drawFeeds.map(({ tensor, size }) => tensor.data.slice(-size));
  }

  /** Frees the model. */
  dispose(): void {
    this.#session.dispose();
  }

  #stage(batch: Tensors, step: number): void {
    for (const [name, { tensor, size }] of this.#batchFeeds) {
      tensor.data.set(batch[name]!.toTypedArray(), step * size);
    }
    // In the order of the recording, which is the order of the eager step.
    for (const { tensor, size, draw } of this.#drawFeeds) {
      tensor.data.set(draw(), step * size);
    }
  }
}

function feedFor(
  { shape, dtype }: GraphValue,
  {
    name,
    steps,
    runtime,
  }: { readonly name: string; readonly steps: number; readonly runtime: OnnxRuntime },
): Feed {
  const size = sizeOf(shape);
  const Numbers = dtype === "int32" ? Int32Array : dtype === "bool" ? Uint8Array : Float32Array;
  const all = steps > 1 ? [steps, ...shape] : shape;
  return { name, size, tensor: runtime.tensor(dtype, new Numbers(size * steps), all) };
}

// Runs the step once on tensors without numbers, and puts everything back as it was.
function record(
  step: StepFunction<Tensors, Tensors>,
  {
    body,
    state,
    stateInputs,
    batchInputs,
  }: {
    readonly body: Graph;
    readonly state: CompiledState;
    readonly stateInputs: readonly GraphValue[];
    readonly batchInputs: ReadonlyMap<string, GraphValue>;
  },
): Recording {
  const recorder = new Recorder(body);
  const { backend } = recorder;
  const before = state.slots.map((slot) => ({ slot, value: slot.value }));
  const symbolic = state.unpack(body, stateInputs);
  try {
    for (const [slot, value] of symbolic) slot.value = new Tensor(backend, value);
    const batch = Object.fromEntries(
      [...batchInputs].map(([name, value]) => [name, new Tensor(backend, value)]),
    );
    const results = withBackend(backend, () => step(batch));
    const valueOf = (tensor: Tensor): GraphValue => valuesOn(backend, [tensor])[0] as GraphValue;
    for (const { slot, value } of before) checkSameShape(slot, value);
    return {
      recorder,
      results: new Map(
        Object.entries(checkResults(results)).map(([name, tensor]) => [name, valueOf(tensor)]),
      ),
      states: state.pack(body, (slot) => valueOf(slot.value)),
    };
  } finally {
    for (const { slot, value } of before) slot.value = value;
  }
}

interface Finish {
  readonly outer: Graph;
  readonly body: Graph;
  readonly steps: number;
  readonly stateInputs: readonly GraphValue[];
  readonly feeds: readonly GraphValue[];
  readonly recording: Recording;
}

// Names what goes in and out; for several steps, the recorded one becomes the body of a scan over them.
function finish({ outer, body, steps, stateInputs, feeds, recording }: Finish): {
  feeds: string[];
} {
  const results = [...recording.results];
  if (steps === 1) {
    for (const [index, value] of recording.states.entries())
      outer.output(value, `newState${index}`);
    for (const [name, value] of results) outer.output(value, `result.${name}`);
    return { feeds: feeds.map(({ name }) => name) };
  }
  for (const value of recording.states) body.output(value);
  for (const [, value] of results) body.output(value);
  const states = stateInputs.map((type, index) => outer.input(`state${index}`, type));
  const sequences = feeds.map(({ shape, dtype }) =>
    outer.parameter({ shape: [steps, ...shape], dtype }),
  );
  const kept = results.map(([, { shape, dtype }]) => ({ shape: [steps, ...shape], dtype }));
  const values = outer.nodeWith([...stateInputs, ...kept], "Scan", [...states, ...sequences], {
    attributes: { body, num_scan_inputs: sequences.length },
  });
  for (const [index] of states.entries()) outer.output(values[index]!, `newState${index}`);
  for (const [index, [name]] of results.entries()) {
    outer.output(values[states.length + index]!, `result.${name}`);
  }
  return { feeds: sequences.map(({ name }) => name) };
}

function checkResults(results: unknown): Tensors {
  const entries = Object.entries((results ?? {}) as Record<string, unknown>);
  if (entries.length > 0 && entries.every(([, value]) => value instanceof Tensor)) {
    return results as Tensors;
  }
  const wrong = entries.find(([, value]) => !(value instanceof Tensor));
  const what = wrong ? `${wrong[0]}: ${kindOf(wrong[1])}` : "nothing";
  throw new TracingError(
    `compile: the step must return the tensors to be seen, by name, got ${what}. End it with: return { loss };`,
  );
}

function checkSameShape({ value }: Slot, before: Tensor): void {
  if (sameShape(value.shape, before.shape) && value.dtype === before.dtype) return;
  throw new TracingError(
    `compile: a step must keep the shape ${shapeText(before.shape)} and type ${before.dtype} of every weight and state, ` +
      `got ${shapeText(value.shape)} of ${value.dtype}. Check what the step assigns to it.`,
  );
}
