// Recording for ranks: two models of one step, cut where gradients go to the optimizer, for a rank's share of a batch.
import { blockSize } from "../../backends/onnx/block-probe.ts";
import { Graph, type GraphValue } from "../../backends/onnx/graph.ts";
import { modelFile } from "../../backends/onnx/model-file.ts";
import type { Exchange } from "../../backends/onnx/recorder.ts";
import type { OnnxRuntime } from "../../backends/onnx/runtime.ts";
import { silencers } from "../../backends/onnx/silent-run.ts";
import { TracingError } from "../../errors.ts";
import { type Shape, shapeText, sizeOf } from "../../shape.ts";
import { takeConstants } from "../runners/constants.ts";
import type { ModelPart, PlannedArray, SharedGradient } from "./plan.ts";
import {
  batchNumbers,
  callAgain,
  generatorsOf,
  plannedConstant,
  type Recording,
  type RecordingOptions,
  stateUseOf,
  totalSize,
} from "./record.ts";
import { type Cut, cutBetween } from "../runners/shares.ts";
import { GradientSlot } from "../state/state.ts";
import type { Slot } from "../state/state-arrays.ts";
import { drawnNumbers, type Source } from "../runners/staging.ts";
import type { StepFunction, Tensors } from "../step-types.ts";
import { type BatchTypes, trace, type Traced } from "./trace.ts";

/** What a step is recorded for, when ranks share it. */
export interface SharedRecordingOptions extends RecordingOptions {
  readonly ranks: number;
}

/** Whether the rows of every tensor of a batch can be shared out evenly. */
export function canShare(batch: BatchTypes, ranks: number): boolean {
  return Object.values(batch).every(({ shape }) => (shape[0] ?? ranks) % ranks === 0);
}

/**
 * Records a step for ranks.
 *
 * It is traced twice: with the whole batch, for what the host draws, and with a share, for what a rank computes.
 *
 * @throws {TracingError} when ranks cannot take the step together
 */
export function recordShared(
  step: StepFunction<Tensors, Tensors>,
  options: SharedRecordingOptions,
): Recording {
  const { of, batch, ranks, steps, threads, runtime } = options;
  const traced = (types: BatchTypes, sharers: number): { body: Graph; traced: Traced } => {
    const body = new Graph(undefined, { blockSize: blockSize(runtime) });
    const traceOptions = { body, of, stateName: "state", batch: types, ranks: sharers };
    return { body, traced: trace(step, traceOptions) };
  };
  const whole = traced(batch, 1).traced;
  const { body, traced: share } = traced(shareOf(batch, ranks), ranks);
  if (steps > 1 && !share.isSteady) return recordShared(step, { ...options, steps: 1 });
  const sources = sourcesOf(whole, share, options);
  checkAlike(body, share, sources);
  const { exchanges } = share.recorder;
  checkOneMeeting(body, exchanges);
  const constants = takeConstants(body);
  const { backward, update } = cutModels(body, share, runtime);
  const feeds = feedsOf(share);
  return {
    plan: {
      kind: "shared",
      backward,
      update,
      threads,
      steps,
      state: stateUseOf(share),
      feeds: feeds.map((value) => planned(value, value.name)),
      results: [...share.results].map(([name, value]) => ({
        ...planned(value, `result.${name}`),
        dtype: "float32",
        cut: checkedCut(`the result ${name}`, whole.results.get(name)!.shape, value.shape, ranks),
      })),
      gradients: exchanges.map(gradientOf),
      constants: constants.map(plannedConstant),
    },
    constants: constants.map(({ data }) => data),
    sources,
    batchNames: Object.keys(batch),
    resultNames: [...share.results.keys()],
    generators: generatorsOf(whole),
    unlisted: share.unlisted,
    callAgain: callAgain(step, whole, { of, batch, stateName: "state" }),
    holds: (value) => share.recorder.hasAdopted(value),
    after: new Set(share.slots.keys()),
    isSteady: share.isSteady,
    steps,
    ranks,
    size: body.size,
    sites: share.recorder.sites,
  };
}

const planned = ({ shape, dtype }: GraphValue, name: string): PlannedArray => {
  return { name, shape, dtype };
};

const gradientOf = ({ own, all }: Exchange, index: number): SharedGradient => {
  return { own: planned(own, `gradient${index}`), all: all.map(({ name }) => name) };
};

const feedsOf = ({ batchInputs, recorder }: Traced): GraphValue[] => [
  ...batchInputs.values(),
  ...recorder.draws.map(({ value }) => value),
];

function shareOf(batch: BatchTypes, ranks: number): BatchTypes {
  const shares = Object.entries(batch).map(
    ([
      name,
      {
        shape: [rows, ...row],
        dtype,
      },
    ]) => {
      return [name, { shape: rows === undefined ? [] : [rows / ranks, ...row], dtype }];
    },
  );
  return Object.fromEntries(shares) as BatchTypes;
}

// Draws happen for the whole batch, in the order of the eager step, and are shared out like its rows.
function sourcesOf(
  whole: Traced,
  share: Traced,
  { batch, ranks }: SharedRecordingOptions,
): Source[] {
  const numbers = [...batchNumbers(batch), ...whole.recorder.draws.map(drawnNumbers)];
  const wholes = feedsOf(whole);
  return feedsOf(share).map(({ shape, dtype }, index) => {
    const what = `draw ${index - Object.keys(batch).length + 1} of the step`;
    const cut = checkedCut(what, wholes[index]!.shape, shape, ranks);
    return { dtype, size: sizeOf(shape), cut, numbers: numbers[index]! };
  });
}

function checkedCut(what: string, whole: Shape, share: Shape, ranks: number): Cut {
  const cut = cutBetween(whole, share, ranks);
  if (cut !== undefined) return cut;
  throw new TracingError(
    `compile: with ranks: ${ranks}, everything must be the same for all ranks or have its rows shared out, ` +
      `but ${what} is ${shapeText(whole)} for the whole batch and ${shapeText(share)} for a share. Compile without ranks.`,
  );
}

// The state that follows must be one: computed from what all ranks have alike.
function checkAlike(
  body: Graph,
  { batchInputs, recorder, slots }: Traced,
  sources: readonly Source[],
): void {
  const draws = recorder.draws.map(({ value }) => value);
  const feeds = [...batchInputs.values(), ...draws];
  const differing = feeds.filter((_, index) => sources[index]!.cut !== "same");
  for (const [slot, value] of slots) {
    if (body.dependsOn(value, differing)) throw new TracingError(differenceOf(slot, value));
  }
}

function differenceOf(slot: Slot, { shape }: GraphValue): string {
  const name = "name" in slot ? String(slot.name) : "an optimizer's state";
  const start = `compile: ranks must come to the same state, but ${name} ${shapeText(shape)} follows from a rank's share of the batch alone`;
  return slot instanceof GradientSlot
    ? `${start}. Call optimizer.step() in the same step, or compile without ranks.`
    : `${start}, as the statistics of batch normalisation do. Compile without ranks; weights change through optimizer.step() only.`;
}

function checkOneMeeting(body: Graph, exchanges: readonly Exchange[]): void {
  if (exchanges.length === 0) {
    throw new TracingError(
      "compile: ranks meet in optimizer.step(), but this step takes none. Call it, or compile without ranks.",
    );
  }
  const met = exchanges.flatMap(({ all }) => all);
  if (!exchanges.some(({ own }) => body.dependsOn(own, met))) return;
  throw new TracingError(
    "compile: ranks meet once in a step, but this one computes gradients from weights that it has just changed. " +
      "Compile each update as a step of its own, or compile without ranks.",
  );
}

// Before the meeting: the gradients, and all results that do not wait for it. After it: the rest.
function cutModels(
  body: Graph,
  traced: Traced,
  runtime: OnnxRuntime,
): { backward: ModelPart; update: ModelPart } {
  const { results, states } = traced;
  const { exchanges } = traced.recorder;
  const met = exchanges.flatMap(({ all }) => all);
  const named = [...results].map(([name, value]) => [`result.${name}`, value] as const);
  const isLate = (value: GraphValue): boolean => body.dependsOn(value, met);
  const model = (outputs: ReadonlyMap<string, GraphValue>): ModelPart => {
    const silent = silencers(body, runtime, totalSize([...outputs.values()]));
    const part = body.part(new Map([...silent, ...outputs]));
    return { model: modelFile(part), inputs: part.inputNames, outputs: [...outputs.keys()] };
  };
  return {
    backward: model(
      new Map([
        ...exchanges.map(({ own }, index) => [`gradient${index}`, own] as const),
        ...named.filter(([, value]) => !isLate(value)),
      ]),
    ),
    update: model(
      new Map([
        ...stateUseOf(traced).written.map(
          (array) => [`newState${array}`, states.get(array)!] as const,
        ),
        ...named.filter(([, value]) => isLate(value)),
      ]),
    ),
  };
}
