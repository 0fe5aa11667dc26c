// Tracing: the step runs once on tensors without numbers, and everything is put back as it was.
import type { Graph, GraphValue } from "../../backends/onnx/graph.ts";
import type { ValueType } from "../../backends/onnx/graph-contents.ts";
import { CallSite } from "../../backends/onnx/call-sites.ts";
import { Recorder } from "../../backends/onnx/recorder.ts";
import { hostBackend, withBackend } from "../../backends/select.ts";
import { kindOf } from "../../check.ts";
import { DTypeError, TracingError } from "../../errors.ts";
import { cast } from "../../ops/convert.ts";
import { valuesOn } from "../../ops/dispatch.ts";
import type { Optimizer } from "../../optimizers/optimizer.ts";
import { withoutDraws } from "../../random.ts";
import { sameShape, shapeText } from "../../shape.ts";
import { Tensor } from "../../tensor.ts";
import { callWith } from "./asked-names.ts";
import { noteProgress } from "../state/progress.ts";
import type { StepState } from "../state/state.ts";
import type { Place, Slot } from "../state/state-arrays.ts";
import type { StepFunction, Tensors } from "../step-types.ts";
import { UnlistedReads } from "./unlisted.ts";

/** Shapes and element types of one batch, by name. */
export type BatchTypes = Readonly<Record<string, ValueType>>;

/** Where a step is traced, and from what. */
export interface TraceOptions {
  /** The graph that gets the nodes. */
  readonly body: Graph;
  readonly of: StepState;
  /** What the arrays of the state are called, before their number. */
  readonly stateName: string;
  readonly batch: BatchTypes;
  /** How many share the batch; 1 unless given. */
  readonly ranks?: number;
}

/** A traced step. */
export interface Traced {
  /** The arrays of the state that the step reads, by number. */
  readonly stateInputs: ReadonlyMap<number, GraphValue>;
  readonly batchInputs: ReadonlyMap<string, GraphValue>;
  readonly results: ReadonlyMap<string, GraphValue>;
  /** What the slots of the step hold after it; those that are missing hold nothing. */
  readonly slots: ReadonlyMap<Slot, GraphValue>;
  /** The same, packed into arrays, by number; an array that the step leaves as it was is its input. */
  readonly states: ReadonlyMap<number, GraphValue>;
  /** Whether the same slots hold something before and after the step, so that it can go on like that. */
  readonly isSteady: boolean;
  readonly unlisted: UnlistedReads;
  readonly recorder: Recorder;
}

/**
 * Traces a step.
 *
 * @throws {TracingError} when it does what a graph cannot do
 */
export function trace(
  step: StepFunction<Tensors, Tensors>,
  { body, of, stateName, batch, ranks = 1 }: TraceOptions,
): Traced {
  checkBatchTypes(batch);
  const { slots: own, optimizers, places } = of;
  const { arrays, present } = of.state;
  const stateInputs = stateInputsOf(body, of, stateName);
  const batchInputs = new Map(
    Object.entries(batch).map(([name, type]) => [name, body.parameter(type)]),
  );
  const sharing = ranks > 1 ? { ranks, batch: [...batchInputs.values()] } : undefined;
  const recorder = new Recorder(body, { places, sharing, host: hostBackend });
  const { backend } = recorder;
  const unlisted = new UnlistedReads(places);
  const putCountsBack = noteProgress(optimizers);
  const before = own.map((slot) => ({ slot, value: slot.value }));
  const symbolic = arrays.unpack(body, stateInputs, present);
  try {
    for (const slot of own) {
      const value = symbolic.get(slot);
      slot.value = value && new Tensor(backend, value);
    }
    const tensors = Object.fromEntries(
      [...batchInputs].map(([name, value]) => [name, new Tensor(backend, value)]),
    );
    // What other steps list stays as it is, though it travels with what this one changes.
    const ofOthers = new Map(symbolic);
    for (const slot of own) ofOthers.delete(slot);
    const call = (): Tensors => withSameRates(optimizers, () => callWith(step, tensors));
    const record = (): Tensors => unlisted.during(() => withoutDraws(refuseDraw, call));
    const results = withBackend(backend, () => inFloat32(checkResults(record())));
    const valueOf = (tensor: Tensor): GraphValue => valuesOn(backend, [tensor])[0] as GraphValue;
    for (const place of arrays.places) checkSameShape(place);
    const slots = new Map(
      own.flatMap((slot) => (slot.value ? [[slot, valueOf(slot.value)] as const] : [])),
    );
    return {
      stateInputs,
      batchInputs,
      recorder,
      unlisted,
      slots,
      isSteady: own.every((slot) => slots.has(slot) === present.has(slot)),
      results: new Map(results.map(([name, tensor]) => [name, valueOf(tensor)])),
      states: arrays.pack(body, new Map([...ofOthers, ...slots]), {
        arrays: stateInputs,
        slots: symbolic,
      }),
    };
  } finally {
    // What was traced is no number: whatever ended the tracing, it stays in here.
    for (const { slot, value } of before) slot.value = value;
    putCountsBack();
    recorder.end();
  }
}

// The arrays that hold something of the step's, by number.
function stateInputsOf(
  body: Graph,
  { slots, state: { arrays, present } }: StepState,
  name: string,
): Map<number, GraphValue> {
  const used = new Set(arrays.holding(new Set(slots)));
  const numbers = arrays.holding(present).filter((array) => used.has(array));
  return new Map(
    numbers.map((array) => {
      const type = { shape: arrays.shapes[array]!, dtype: "float32" } as const;
      return [array, body.input(`${name}${array}`, type)];
    }),
  );
}

function refuseDraw(): never {
  throw new TracingError(
    `compile: a step is recorded once for all its runs, which would share what is drawn now; ${new CallSite("a generator was asked for numbers").text}. ` +
      "Draw tensors with randomUniform or randomNormal, which every run does anew, or draw outside of the step and pass the numbers in the batch.",
  );
}

// What a run gives are numbers in float32: labels that were guessed right come out as 0 and 1.
const inFloat32 = (results: Tensors): (readonly [name: string, tensor: Tensor])[] =>
  Object.entries(results).map(([name, tensor]) => {
    return [name, tensor.dtype === "float32" ? tensor : cast(tensor, "float32")];
  });

function checkBatchTypes(batch: BatchTypes): void {
  const wide = Object.entries(batch).find(([, { dtype }]) => dtype === "float64");
  if (wide === undefined) return;
  throw new DTypeError(
    `compile: graphs compute in float32, got ${wide[0]} ${shapeText(wide[1].shape)} of float64 in the batch. ` +
      `float64 runs on the typescript backend only: pass cast(${wide[0]}, "float32"), or run the step without compile.`,
  );
}

function checkResults(results: unknown): Tensors {
  if (results instanceof Promise) {
    // Nobody waits for it: what it throws is told here or not at all.
    results.catch(() => undefined);
    throw new TracingError(
      "compile: the step must return tensors by name, got a promise of them. " +
        "A step is recorded in one go: write it without async, and load what it needs before.",
    );
  }
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

// A rate belongs to whoever runs the step: what the code sets while it is recorded, it sets once for all runs.
function withSameRates<Result>(optimizers: readonly Optimizer[], body: () => Result): Result {
  const rates = optimizers.map(({ learningRate }) => learningRate);
  try {
    const result = body();
    for (const [index, each] of optimizers.entries()) checkSameRate(each, rates[index]!);
    return result;
  } finally {
    for (const [index, each] of optimizers.entries()) each.learningRate = rates[index]!;
  }
}

function checkSameRate({ constructor: { name }, learningRate }: Optimizer, rate: number): void {
  if (Object.is(learningRate, rate)) return;
  throw new TracingError(
    `compile: a step is recorded once for all its runs, so it cannot set a rate, but it changes the learningRate of ${name} from ${rate} to ${learningRate}. ` +
      "Set it between two runs, or make the optimizer with a schedule, such as learningRate: stepDecay({ start: 0.1, every: 100 }).",
  );
}

function checkSameShape({ slot: { value }, shape }: Place): void {
  if (value === undefined || (sameShape(value.shape, shape) && value.dtype === "float32")) return;
  throw new TracingError(
    `compile: a step must keep the shape ${shapeText(shape)} and type float32 of every weight and state, ` +
      `got ${shapeText(value.shape)} of ${value.dtype}. Check what the step assigns to it.`,
  );
}
