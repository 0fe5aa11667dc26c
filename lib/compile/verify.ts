// The same step both ways, from the same state and with the same chance: compiled must equal eager.
import type { Backend } from "../backends/backend.ts";
import { hostArray } from "../backends/host-array.ts";
import { onnxBackend } from "../backends/onnx/eager.ts";
import { withBackend } from "../backends/select.ts";
import { typescriptBackend } from "../backends/typescript/index.ts";
import type { TypedArray } from "../dtype.ts";
import { VerificationError } from "../errors.ts";
import { shapeText } from "../shape.ts";
import type { Tensors } from "./trace.ts";
import type { Place, Slot } from "./state-arrays.ts";

/** What is compared. */
export interface Verification {
  /** The compiled step: runs once, from the state that the slots have. */
  readonly compiled: () => Promise<CompiledRun>;
  readonly slots: readonly Slot[];
  /** The step on tensors with numbers. */
  readonly eager: () => Tensors;
}

/** What a compiled step did. */
export interface CompiledRun {
  readonly results: ReadonlyMap<string, Numbers>;
  /** The numbers of every slot that holds some after it. */
  readonly states: ReadonlyMap<Place, Numbers>;
  /** What chance and counting gave, in order. */
  readonly draws: readonly TypedArray[];
}

/** How far apart numbers may be, relative to 1 or their size: float32 sums in another order. */
const TOLERANCE = 1e-5;
/** Which part of the largest update of a weight that may be. */
const UPDATE_TOLERANCE = 1e-3;
/** How many times the distance of two eager runs. */
const ROUNDING_FACTOR = 3;

/**
 * Runs one compiled step, and the eager one after it from where that started.
 *
 * The eager step runs on two backends, which round differently: where they disagree, rounding decides. The bias in
 * front of a batch normalisation is such a case: its gradient is 0 up to rounding, and Adam makes a full step of it.
 *
 * @throws {VerificationError} when results or state differ by more than rounding
 */
export async function runVerified({ compiled, slots, eager }: Verification): Promise<void> {
  const before = slots.map((slot) => ({ slot, value: slot.value }));
  const reset = (): void => {
    for (const { slot, value } of before) slot.value = value;
  };
  const { results, states, draws } = await compiled();
  const runOn = (backend: Backend): EagerRun => {
    try {
      const tensors = withDraws(backend, draws, eager);
      return {
        results: Object.entries(tensors).map(([name, tensor]) => [name, tensor.toTypedArray()]),
        states: new Map(slots.map((slot) => [slot, slot.value?.toTypedArray() ?? []])),
      };
    } finally {
      reset();
    }
  };
  const runs = [runOn(typescriptBackend), runOn(onnxBackend)] as const;
  for (const [index, [name, expected]] of runs[0].results.entries()) {
    const other = runs[1].results[index]![1];
    compare(`the result ${name}`, {
      expected,
      other,
      actual: results.get(name)!,
      start: undefined,
    });
  }
  for (const [{ slot, shape }, actual] of states) {
    const [expected, other] = [runs[0].states.get(slot)!, runs[1].states.get(slot)!];
    const start = slot.value?.toTypedArray();
    const what = `a state of shape ${shapeText(shape)}`;
    compare(what, { expected, other, actual, start });
  }
}

type Numbers = ArrayLike<number>;

interface EagerRun {
  readonly results: readonly (readonly [name: string, Numbers])[];
  readonly states: ReadonlyMap<Slot, Numbers>;
}

// Chance and counting have run once, for the compiled step: the eager one gets what was drawn then.
function withDraws<Result>(
  backend: Backend,
  draws: CompiledRun["draws"],
  body: () => Result,
): Result {
  let next = 0;
  const replaying: Backend = {
    ...backend,
    drawn: (_draw, shape) => hostArray(draws[next++]!, shape),
  };
  return withBackend(replaying, body);
}

interface Compared {
  readonly expected: Numbers;
  /** The same from another eager run. */
  readonly other: Numbers;
  readonly actual: Numbers;
  /** Before the step. */
  readonly start: Numbers | undefined;
}

function compare(what: string, { expected, other, actual, start }: Compared): void {
  const rounding = largestDistance(expected, other);
  const update = start ? largestDistance(expected, start) : 0;
  for (let i = 0; i < expected.length; i++) {
    const size = Math.max(1, Math.abs(expected[i]!));
    const bound = TOLERANCE * size + UPDATE_TOLERANCE * update + ROUNDING_FACTOR * rounding;
    if (Math.abs(actual[i]! - expected[i]!) <= bound || Object.is(actual[i], expected[i])) continue;
    throw new VerificationError(
      `compile: a compiled step must give the eager step's numbers, but ${what} is ${actual[i]} and not ${expected[i]}. ` +
        "A tensor that changes from step to step must be part of the batch, a parameter or a layer's state: " +
        "look for one that the step takes from outside.",
    );
  }
}

function largestDistance(a: Numbers, b: Numbers): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}
