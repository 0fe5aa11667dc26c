// Recording: a traced step becomes a model for certain batch shapes, which takes a number of steps at once.
import { OnDemand } from "../../backends/host-array.ts";
import { blockSize } from "../../backends/onnx/block-probe.ts";
import type { CallSite } from "../../backends/onnx/call-sites.ts";
import { Graph, type GraphValue } from "../../backends/onnx/graph.ts";
import type { HandedIn } from "../../backends/onnx/graph-contents.ts";
import { modelFile } from "../../backends/onnx/model-file.ts";
import type { BackendValue } from "../../backends/backend.ts";
import { silencers } from "../../backends/onnx/silent-run.ts";
import type { OnnxRuntime } from "../../backends/onnx/runtime.ts";
import { allocate, type TypedArray } from "../../dtype.ts";
import type { Generator } from "../../random.ts";
import { sizeOf } from "../../shape.ts";
import { takeConstants } from "../runners/constants.ts";
import type { Plan, PlannedArray, StateUse } from "./plan.ts";
import { drawnNumbers, type Source, type StepNumbers } from "../runners/staging.ts";
import { checkLaterCall } from "./later-call.ts";
import type { StepState } from "../state/state.ts";
import type { Slot } from "../state/state-arrays.ts";
import type { StepFunction, Tensors } from "../step-types.ts";
import { type BatchTypes, trace, type Traced, type TraceOptions } from "./trace.ts";
import type { UnlistedReads } from "./unlisted.ts";

/** What a step is recorded for. */
export interface RecordingOptions {
  readonly of: StepState;
  /** Shapes and element types of one batch. */
  readonly batch: BatchTypes;
  /** Steps of one run. */
  readonly steps: number;
  readonly threads: number;
  readonly runtime: OnnxRuntime;
}

/** A recorded step: its plan, and what stays with the caller. */
export interface Recording {
  readonly plan: Plan;
  /** The numbers of the plan's constants. */
  readonly constants: readonly TypedArray[];
  /** Where the numbers of the plan's feeds come from: those of the batch first. */
  readonly sources: readonly Source[];
  readonly batchNames: readonly string[];
  /** Names of the plan's results, as the step gave them. */
  readonly resultNames: readonly string[];
  /** Slots that hold something after a run. */
  readonly after: ReadonlySet<Slot>;
  readonly unlisted: UnlistedReads;
  /**
   * Calls the step again.
   *
   * @returns whether it holds learning rates as numbers
   * @throws {TracingError} when it does something else now
   */
  readonly callAgain: () => boolean;
  /** Whether the numbers of a value from outside, of any shape, are constants of the plan. */
  readonly holds: (value: BackendValue) => boolean;
  /** Whether the same slots held something before. */
  readonly isSteady: boolean;
  /** Where its chance comes from. */
  readonly generators: readonly Generator[];
  /** Steps of one run. */
  readonly steps: number;
  /** Who share every batch; 1: nobody. */
  readonly ranks: number;
  /** Nodes of the model. */
  readonly size: number;
  /** Where the ops of the step were called, by the number in the labels of their nodes. */
  readonly sites: readonly CallSite[];
}

/** Records a step. One that takes up or leaves gradients comes alone, whatever number of steps is asked for. */
export function recordStep(
  step: StepFunction<Tensors, Tensors>,
  options: RecordingOptions,
): Recording {
  const { of, batch, steps, threads, runtime } = options;
  const outer = new Graph(undefined, { blockSize: blockSize(runtime) });
  const body = steps > 1 ? new Graph(outer) : outer;
  const stateName = steps > 1 ? "carried" : "state";
  const traced = trace(step, { body, of, batch, stateName });
  if (steps > 1 && !canRepeat(traced)) return recordStep(step, { ...options, steps: 1 });
  const { batchInputs, recorder } = traced;
  const { draws } = recorder;
  const feeds = [...batchInputs.values(), ...draws.map(({ value }) => value)];
  const { names, state: stateUse } = finish({ outer, body, steps, feeds, traced, runtime });
  const constants = takeConstants(outer);
  const planned = ({ shape, dtype }: GraphValue, name: string): PlannedArray => {
    return { name, dtype, shape: steps > 1 ? [steps, ...shape] : shape };
  };
  const numbers = [...batchNumbers(batch), ...draws.map(drawnNumbers)];
  return {
    plan: {
      kind: "whole",
      model: modelFile(outer),
      steps,
      threads,
      state: stateUse,
      constants: constants.map(plannedConstant),
      feeds: feeds.map((value, index) => planned(value, names[index]!)),
      results: [...traced.results].map(([name, value]) => ({
        ...planned(value, `result.${name}`),
        dtype: "float32",
      })),
    },
    constants: constants.map(({ data }) => data),
    sources: feeds.map(({ shape, dtype }, index) => {
      return { dtype, size: sizeOf(shape), cut: "same", numbers: numbers[index]! };
    }),
    batchNames: [...batchInputs.keys()],
    resultNames: [...traced.results.keys()],
    generators: generatorsOf(traced),
    unlisted: traced.unlisted,
    callAgain: callAgain(step, traced, { of, batch, stateName }),
    holds: (value) => recorder.hasAdopted(value),
    after: new Set(traced.slots.keys()),
    isSteady: traced.isSteady,
    steps,
    ranks: 1,
    size: outer.size,
    sites: recorder.sites,
  };
}

/** Calls a traced step again, and keeps of what was traced no more than is compared. */
export function callAgain(
  step: StepFunction<Tensors, Tensors>,
  { recorder: { calls }, results, slots }: Traced,
  options: Omit<TraceOptions, "body">,
): () => boolean {
  return () => checkLaterCall(step, { calls, results, slots }, options);
}

// What a scan carries from step to step must be there from the first one on; and it needs something to go through.
const canRepeat = ({ isSteady, batchInputs, recorder }: Traced): boolean =>
  isSteady && batchInputs.size + recorder.draws.length > 0;

/** Everything that a traced step draws from. */
export function generatorsOf({ recorder }: Traced): Generator[] {
  return [...new Set(recorder.draws.flatMap(({ random }) => random ?? []))];
}

/** How a plan names numbers of any shape that are handed in at every run. */
export const plannedConstant = ({ name, dtype, shape }: HandedIn): PlannedArray => {
  return { name, dtype, shape };
};

/** Where the numbers of a batch's tensors are, in order: in the tensor, or in one array for all that are on demand. */
export function batchNumbers(batch: BatchTypes): StepNumbers[] {
  return Object.keys(batch).map((name) => {
    let memory: TypedArray | undefined;
    return {
      read(tensors) {
        const { backend, value } = tensors[name]!;
        if (!(value instanceof OnDemand)) return backend.read(value);
        memory ??= allocate(value.dtype, sizeOf(value.shape));
        value.writeTo(memory);
        return memory;
      },
      write(tensors, target) {
        const { backend, value } = tensors[name]!;
        if (value instanceof OnDemand) value.writeTo(target);
        else target.set(backend.read(value));
      },
    };
  });
}

/** Elements of values of any shapes, together. */
export function totalSize(values: readonly GraphValue[]): number {
  return values.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

interface Finish {
  readonly outer: Graph;
  readonly body: Graph;
  readonly steps: number;
  readonly feeds: readonly GraphValue[];
  readonly traced: Traced;
  readonly runtime: OnnxRuntime;
}

/** Which arrays of the state a traced step reads, and which it makes anew. */
export function stateUseOf({ stateInputs, states }: Traced): StateUse {
  const numbers = [...states.keys()];
  return {
    read: [...stateInputs.keys()],
    written: numbers.filter((array) => states.get(array) !== stateInputs.get(array)),
  };
}

// Names what goes in and out; for several steps, the recorded one becomes the body of a scan over them.
function finish({ outer, body, steps, feeds, traced, runtime }: Finish): {
  names: string[];
  state: StateUse;
} {
  const { stateInputs, states } = traced;
  const results = [...traced.results];
  const state = stateUseOf(traced);
  const { written } = state;
  const size = totalSize(written.map((array) => states.get(array)!));
  for (const [name, value] of silencers(outer, runtime, size)) outer.output(value, name);
  if (steps === 1) {
    for (const array of written) outer.output(states.get(array)!, `newState${array}`);
    for (const [name, value] of results) outer.output(value, `result.${name}`);
    return { names: feeds.map(({ name }) => name), state };
  }
  // What the step leaves as it is need not be carried, which means copied, from step to step: the body sees it by name.
  const carried = [...stateInputs].flatMap(([array, input]) => {
    const outside = outer.input(`state${array}`, input);
    if (written.includes(array)) return [outside];
    body.withdraw(input);
    outer.alias(outside, input.name);
    return [];
  });
  for (const array of written) body.output(states.get(array)!);
  for (const [, value] of results) body.output(value);
  const sequences = feeds.map(({ shape, dtype }) =>
    outer.parameter({ shape: [steps, ...shape], dtype }),
  );
  const kept = results.map(([, { shape, dtype }]) => ({ shape: [steps, ...shape], dtype }));
  const values = outer.nodeWith([...carried, ...kept], "Scan", [...carried, ...sequences], {
    attributes: { body, num_scan_inputs: sequences.length },
  });
  for (const [index, array] of written.entries()) {
    outer.output(values[index]!, `newState${array}`);
  }
  for (const [index, [name]] of results.entries()) {
    outer.output(values[carried.length + index]!, `result.${name}`);
  }
  return { names: sequences.map(({ name }) => name), state };
}
