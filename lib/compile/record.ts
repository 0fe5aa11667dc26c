// Recording: the step runs once on tensors without numbers, and becomes a model for certain batch shapes.
import { blockSize } from "../backends/onnx/block-probe.ts";
import { Graph, type GraphValue, type ValueType } from "../backends/onnx/graph.ts";
import { Recorder } from "../backends/onnx/recorder.ts";
import type { OnnxRuntime } from "../backends/onnx/runtime.ts";
import { withBackend } from "../backends/select.ts";
import { kindOf } from "../check.ts";
import type { TypedArray } from "../dtype.ts";
import { TracingError } from "../errors.ts";
import { valuesOn } from "../ops/dispatch.ts";
import { sameShape, shapeText } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import type { Plan, PlannedArray } from "./plan.ts";
import type { Source } from "./staging.ts";
import type { CompiledState, Slot } from "./state.ts";

/** Tensors by name, such as `{ inputs, targets }`. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** What a step computes from a batch: the tensors that somebody wants to see. */
export type StepFunction<Batch extends Tensors, Results extends Tensors> = (
  batch: Batch,
) => Results;

/** What a step is recorded for. */
export interface RecordingOptions {
  readonly state: CompiledState;
  /** Shapes and element types of one batch. */
  readonly batch: Readonly<Record<string, ValueType>>;
  /** Steps of one run. */
  readonly steps: number;
  readonly threads: number;
  readonly runtime: OnnxRuntime;
}

/** A recorded step: its plan, and what stays with the caller. */
export interface Recording {
  readonly plan: Plan;
  /** Where the numbers of the plan's feeds come from: those of the batch first. */
  readonly sources: readonly Source[];
  readonly batchNames: readonly string[];
  /** Names of the plan's results, as the step gave them. */
  readonly resultNames: readonly string[];
  /** Steps of one run. */
  readonly steps: number;
  /** Nodes of the model. */
  readonly size: number;
}

/** Records a step. */
export function recordStep(
  step: StepFunction<Tensors, Tensors>,
  { state, batch, steps, threads, runtime }: RecordingOptions,
): Recording {
  const outer = new Graph(undefined, { blockSize: blockSize(runtime) });
  const body = steps > 1 ? new Graph(outer) : outer;
  const stateInputs = state.shapes.map((shape, index) =>
    body.input(steps > 1 ? `carried${index}` : `state${index}`, { shape, dtype: "float32" }),
  );
  const batchInputs = new Map(
    Object.entries(batch).map(([name, type]) => [name, body.parameter(type)]),
  );
  const traced = trace(step, { body, state, stateInputs, batchInputs });
  const { draws } = traced.recorder;
  const feeds = [...batchInputs.values(), ...draws.map(({ value }) => value)];
  const names = finish({ outer, body, steps, stateInputs, feeds, traced });
  const planned = ({ shape, dtype }: GraphValue, name: string): PlannedArray => {
    return { name, dtype, shape: steps > 1 ? [steps, ...shape] : shape };
  };
  const arrays = feeds.map((value, index) => planned(value, names.feeds[index]!));
  const fromBatch = [...batchInputs.keys()].map((name) => (tensors: Tensors) => {
    return numbersOf(tensors[name]!);
  });
  const numbers = [...fromBatch, ...draws.map(({ draw }) => draw)];
  return {
    plan: {
      model: outer.toBytes(),
      threads,
      feeds: arrays,
      results: [...traced.results].map(([name, value]) => ({
        ...planned(value, `result.${name}`),
        dtype: "float32",
      })),
    },
    sources: arrays.map((array, index) => ({ array, numbers: numbers[index]! })),
    batchNames: [...batchInputs.keys()],
    resultNames: [...traced.results.keys()],
    steps,
    size: outer.size,
  };
}

// Without the copy that users get.
const numbersOf = ({ backend, value }: Tensor): TypedArray => backend.read(value);

interface Traced {
  readonly results: ReadonlyMap<string, GraphValue>;
  readonly states: readonly GraphValue[];
  readonly recorder: Recorder;
}

// Runs the step once on tensors without numbers, and puts everything back as it was.
function trace(
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
): Traced {
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
  readonly traced: Traced;
}

// Names what goes in and out; for several steps, the recorded one becomes the body of a scan over them.
function finish({ outer, body, steps, stateInputs, feeds, traced }: Finish): {
  feeds: string[];
} {
  const results = [...traced.results];
  if (steps === 1) {
    for (const [index, value] of traced.states.entries()) outer.output(value, `newState${index}`);
    for (const [name, value] of results) outer.output(value, `result.${name}`);
    return { feeds: feeds.map(({ name }) => name) };
  }
  for (const value of traced.states) body.output(value);
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
