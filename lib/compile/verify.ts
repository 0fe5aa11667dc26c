// The same step both ways, from the same state and with the same chance: compiled must equal eager.
import type { Backend } from "../backends/backend.ts";
import { hostArray } from "../backends/host-array.ts";
import { withBackend } from "../backends/select.ts";
import { typescriptBackend } from "../backends/typescript/index.ts";
import { nudgedBackend } from "../backends/typescript/nudged.ts";
import type { TypedArray } from "../dtype.ts";
import { VerificationError } from "../errors.ts";
import { shapeText } from "../shape.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { noteProgress } from "./state/progress.ts";
import type { Tensors } from "./step-types.ts";
import type { Slot } from "./state/state-arrays.ts";

/** What is compared. */
export interface Verification {
  /** The compiled step: runs once, from the state that the slots have, and leaves in them what it makes of it. */
  readonly compiled: () => Promise<CompiledRun>;
  readonly slots: readonly Slot[];
  readonly optimizers: readonly Optimizer[];
  /** The step on tensors with numbers. */
  readonly eager: () => Tensors;
}

/** What a compiled step did. */
export interface CompiledRun {
  readonly results: ReadonlyMap<string, Numbers>;
  /** What chance and counting gave, in order. */
  readonly draws: readonly TypedArray[];
}

/** How far results may be apart, relative to the largest number among them: float32 sums in another order. */
const TOLERANCE = 1e-5;
/** And whatever they are: a logarithm of a number near 1 has no more digits. */
const SMALLEST = 1e-6;
/** How far a weight may be off, relative to the largest of its tensor: a few times what float32 can tell apart. */
const WEIGHT_TOLERANCE = 1e-6;
/** And which part of the largest update. */
const UPDATE_TOLERANCE = 1e-3;
/** How many times what other rounding changes. */
const ROUNDING_FACTOR = 3;
/** The other roundings that are tried, each known by a number. */
const ROUNDINGS = [0x1234_5678, 0x2345_6789, 0x3456_789a, 0x4567_89ab];

/**
 * Runs one compiled step, and the eager one after it from where that started.
 *
 * The eager step runs on the readable backend, which shares nothing with the graph. Where the two are further apart than
 * float32 explains, it runs again with other rounding: the bias in front of a batch normalisation has a gradient of 0 up
 * to rounding, and Adam makes a full step of that; of two numbers that are nearly equal, a pool takes either.
 *
 * @throws {VerificationError} when results or state differ by more than rounding
 */
export async function runVerified(verification: Verification): Promise<void> {
  const { compiled, slots, optimizers, eager } = verification;
  const putCountsBack = noteProgress(optimizers);
  const before = slots.map(({ value }) => value);
  const { results, draws } = await compiled();
  const after = slots.map(({ value }) => value);
  const put = (values: typeof before): void => {
    for (const [index, slot] of slots.entries()) slot.value = values[index];
  };
  const runOn = (backend: Backend): EagerRun => {
    const putNewCountsBack = noteProgress(optimizers);
    putCountsBack();
    put(before);
    try {
      const tensors = withDraws(backend, draws, eager);
      return {
        results: new Map(
          Object.entries(tensors).map(([name, tensor]) => [name, tensor.toTypedArray()]),
        ),
        states: new Map(slots.map((slot) => [slot, slot.value?.toTypedArray() ?? []])),
      };
    } finally {
      put(after);
      putNewCountsBack();
    }
  };
  const expected = runOn(typescriptBackend);
  let others: readonly EagerRun[] | undefined;
  // A step that does something else each time, such as asking Math.random, is not to be excused by that.
  const isTheSameAgain = (): boolean => areEqual(runOn(typescriptBackend), expected);
  const inOtherRoundings = (): readonly EagerRun[] => {
    if (!isTheSameAgain()) return [];
    const runs = ROUNDINGS.map((salt) => runOn(nudgedBackend(salt)));
    return isTheSameAgain() ? runs : [];
  };
  const withOtherRounding = (): readonly EagerRun[] => (others ??= inOtherRoundings());
  for (const [name, numbers] of expected.results) {
    compare(`the result ${name}`, {
      expected: numbers,
      actual: results.get(name)!,
      others: () => withOtherRounding().map((run) => run.results.get(name)!),
      bound: SMALLEST + TOLERANCE * largest(numbers),
      sizeOf: largest,
    });
  }
  for (const [index, slot] of slots.entries()) {
    const tensor = after[index];
    if (tensor === undefined) continue;
    const numbers = expected.states.get(slot)!;
    const start = before[index]?.toTypedArray() ?? new Float32Array(numbers.length);
    const update = (end: Numbers): number => largestDistance(end, start);
    const name = "name" in slot ? String(slot.name) : "an optimizer's state";
    compare(`${name} ${shapeText(tensor.shape)}`, {
      expected: numbers,
      actual: tensor.toTypedArray(),
      others: () => withOtherRounding().map((run) => run.states.get(slot)!),
      bound: WEIGHT_TOLERANCE * largest(numbers) + UPDATE_TOLERANCE * update(numbers),
      sizeOf: update,
    });
  }
}

type Numbers = ArrayLike<number>;

interface EagerRun {
  readonly results: ReadonlyMap<string, Numbers>;
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

function areEqual(one: EagerRun, other: EagerRun): boolean {
  const areAlike = <Key>(a: ReadonlyMap<Key, Numbers>, b: ReadonlyMap<Key, Numbers>): boolean =>
    [...a].every(([key, numbers]) => {
      const others = b.get(key)!;
      return Array.from(numbers).every((each, index) => Object.is(each, others[index]));
    });
  return areAlike(one.results, other.results) && areAlike(one.states, other.states);
}

interface Compared {
  readonly expected: Numbers;
  readonly actual: Numbers;
  /** The same with other rounding. */
  readonly others: () => readonly Numbers[];
  /** How far apart they may be, whatever rounding does. */
  readonly bound: number;
  /** How large the numbers are, or how far the step has moved them. */
  readonly sizeOf: (numbers: Numbers) => number;
}

function compare(what: string, { expected, actual, others, bound, sizeOf }: Compared): void {
  if (firstBeyond(bound, actual, expected) === undefined) return;
  const runs = others();
  const rounding = Math.max(0, ...runs.map((run) => largestDistance(run, expected)));
  // Rounding can turn an update around, and do no more than that.
  const most = 2 * Math.max(...[expected, ...runs].map(sizeOf));
  const allowed = bound + Math.min(ROUNDING_FACTOR * rounding, most);
  const at = firstBeyond(allowed, actual, expected);
  if (at === undefined) return;
  throw new VerificationError(
    `compile: a compiled step must give the eager step's numbers, but ${what} is ${actual[at]} and not ${expected[at]}. ` +
      "A step is recorded once: look for a number or a tensor that it takes from outside and that has changed since, such as beta, and pass it in the batch; " +
      "or keep it in a LayerState. If there is none, the graph is wrong: run the step without compile.",
  );
}

function firstBeyond(bound: number, a: Numbers, b: Numbers): number | undefined {
  for (let i = 0; i < a.length; i++) if (!areClose(a[i]!, b[i]!, bound)) return i;
  return undefined;
}

// What is not finite on one side must be the same on the other; NaN stands for an infinity too.
function areClose(a: number, b: number, bound: number): boolean {
  if (Number.isFinite(a) && Number.isFinite(b)) return Math.abs(a - b) <= bound;
  if (Number.isFinite(a) || Number.isFinite(b)) return false;
  return a === b || Number.isNaN(a) || Number.isNaN(b);
}

// Of what is finite.
function largestDistance(a: Numbers, b: Numbers): number {
  let result = 0;
  for (let i = 0; i < a.length; i++) {
    const distance = Math.abs(a[i]! - b[i]!);
    if (Number.isFinite(distance) && distance > result) result = distance;
  }
  return result;
}

function largest(numbers: Numbers): number {
  let result = 0;
  for (let i = 0; i < numbers.length; i++) {
    const size = Math.abs(numbers[i]!);
    if (Number.isFinite(size) && size > result) result = size;
  }
  return result;
}
