// A step is recorded once, so it must do the same in every call: it is called again, and the calls are compared.
import {
  type RecordedCall,
  type RecordedCalls,
  isValue,
} from "../../backends/onnx/recorded-calls.ts";
import type { BackendValue } from "../../backends/backend.ts";
import { Graph } from "../../backends/onnx/graph.ts";
import { TracingError } from "../../errors.ts";
import type { Optimizer } from "../../optimizers/optimizer.ts";
import { sameShape, shapeText, sizeOf } from "../../shape.ts";
import { noteProgress, putProgress } from "../state/progress.ts";
import type { StepFunction, Tensors } from "../step-types.ts";
import { trace, type Traced, type TraceOptions } from "./trace.ts";

/** What is compared of a call. */
export interface Called extends Pick<Traced, "results" | "slots"> {
  readonly calls: RecordedCalls;
}

/**
 * Calls a step again that was traced, as a step after it would, and compares what it does.
 *
 * @returns whether the recording holds learning rates as numbers, those that may be changed between runs
 * @throws {TracingError} where it does something else than in the first call, with the line and the way out
 */
export function checkLaterCall(
  step: StepFunction<Tensors, Tensors>,
  first: Called,
  options: Omit<TraceOptions, "body">,
): boolean {
  const { optimizers } = options.of;
  const putCountsBack = noteProgress(optimizers);
  const rates = optimizers.map(({ learningRate }) => learningRate);
  const checkWith = (hasOtherRate: (optimizer: Optimizer) => boolean): void => {
    try {
      for (const each of optimizers) goOn(each, hasOtherRate(each));
      const { recorder, ...later } = trace(step, { ...options, body: new Graph() });
      checkSame(first, { ...later, calls: recorder.calls });
      // A layer may hold on to this call.
      recorder.calls.forget();
    } finally {
      putCountsBack();
      for (const [index, each] of optimizers.entries()) each.learningRate = rates[index]!;
    }
  };
  const isSameWith = (hasOtherRate: (optimizer: Optimizer) => boolean): boolean => {
    try {
      checkWith(hasOtherRate);
      return true;
    } catch {
      return false;
    }
  };
  // The rate of a schedule is another one some time.
  const withRates = (): boolean => isSameWith(({ schedule }) => schedule !== undefined);
  const withOthers = (): boolean => isSameWith(() => true);
  try {
    checkWith(() => true);
    return false;
  } catch (error) {
    if (optimizers.every(({ schedule }) => schedule)) throw error;
    // What a step does every now and then, it does not do in this order.
    if (withRates() && withRates() && !withOthers() && !withOthers()) return true;
    throw error;
  }
}

// As one step leaves it. A schedule is asked once for each step, and not here.
function goOn(optimizer: Optimizer, hasOtherRate: boolean): void {
  const { progress } = optimizer;
  putProgress(optimizer, { ...progress, stepCount: progress.stepCount + 1 });
  if (hasOtherRate) optimizer.learningRate = progress.learningRate / 2 || 1;
}

function checkSame(first: Called, later: Called): void {
  const comparison = new Comparison(first.calls, later.calls);
  const [one, other] = [first.calls.list, later.calls.list];
  const length = Math.max(one.length, other.length);
  for (let index = 0; index < length; index++) comparison.check(one[index], other[index]);
  comparison.checkEnds(first.results, later.results, (name) => `the result ${name}`);
  comparison.checkEnds(first.slots, later.slots, (slot) => {
    return "name" in slot ? String(slot.name) : "an optimizer's state";
  });
}

class Comparison {
  readonly #first: RecordedCalls;
  readonly #later: RecordedCalls;
  // A value that is used twice is compared once: those in a chain of such ones would take 2, 4, 8, ... comparisons.
  readonly #compared = new WeakMap<BackendValue, WeakMap<BackendValue, boolean>>();

  constructor(first: RecordedCalls, later: RecordedCalls) {
    this.#first = first;
    this.#later = later;
  }

  check(one: RecordedCall | undefined, other: RecordedCall | undefined): void {
    if (one === undefined || other === undefined || one.name !== other.name) {
      throw otherOps(one, other);
    }
    const length = Math.max(one.parameters.length, other.parameters.length);
    for (let index = 0; index < length; index++) {
      const [a, b] = [one.parameters[index], other.parameters[index]];
      if (this.#areSame(a, b)) continue;
      const what = `${other.site.text} takes ${this.#difference(a, b)}`;
      throw different(what, this.#wayOut(other, a, b));
    }
  }

  #wayOut({ site }: RecordedCall, a: unknown, b: unknown): string {
    // Numbers come from fields and variables; of weights and batches, a step takes others by choice.
    if (isComputed(this.#first, a) && isComputed(this.#later, b)) return OTHER_THINGS;
    return site.isThrough("optimizers/optimizer") ? OF_OPTIMIZERS : OF_STEPS;
  }

  // What comes out of the step, by whatever it is called.
  checkEnds<Key>(
    one: ReadonlyMap<Key, BackendValue>,
    other: ReadonlyMap<Key, BackendValue>,
    what: (key: Key) => string,
  ): void {
    for (const key of new Set([...one.keys(), ...other.keys()])) {
      const [a, b] = [one.get(key), other.get(key)];
      if (this.#areSame(a, b)) continue;
      throw different(`${what(key)} is ${this.#difference(a, b)}`, OF_STEPS);
    }
  }

  #areSame(a: unknown, b: unknown): boolean {
    if (Object.is(a, b)) return true;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    if (isValue(a) || isValue(b)) return isValue(a) && isValue(b) && this.#areKnownAsSame(a, b);
    if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return areSameBytes(a, b);
    if (!isPlain(a) || !isPlain(b)) return false;
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length &&
      names.every((name) => this.#areSame(memberOf(a, name), memberOf(b, name)))
    );
  }

  #areKnownAsSame(a: BackendValue, b: BackendValue): boolean {
    const others = this.#compared.get(a) ?? new WeakMap<BackendValue, boolean>();
    this.#compared.set(a, others);
    const known = others.get(b);
    if (known !== undefined) return known;
    const areSame = this.#areSameValues(a, b);
    others.set(b, areSame);
    return areSame;
  }

  #areSameValues(a: BackendValue, b: BackendValue): boolean {
    if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape)) return false;
    const [one, other] = [this.#first.callOf(a), this.#later.callOf(b)];
    if (one && other) {
      // What the first call has made and kept is the same in a later one.
      if (other.name === "adopt" && other.parameters[0] === a) return true;
      if (one.name === other.name && this.#areSame(one.parameters, other.parameters)) return true;
      return this.#haveSameNumbers(a, b);
    }
    if (one || other) return false;
    const [place, otherPlace] = [this.#first.placeOf(a), this.#later.placeOf(b)];
    if (place !== undefined || otherPlace !== undefined) return place === otherPlace;
    // Weights, states and batches enter both graphs in the same order; what is outside of graphs has no name there.
    return nameOf(a) !== undefined && nameOf(a) === nameOf(b);
  }

  #haveSameNumbers(a: BackendValue, b: BackendValue): boolean {
    return areSameBytes(this.#first.numbersOf(a)!, this.#later.numbersOf(b)!);
  }

  #difference(a: unknown, b: unknown): string {
    const [one, other] = [this.#text(this.#first, a), this.#text(this.#later, b)];
    return one === other
      ? `${one} in the first call and another in a later one`
      : `${one} in the first call and ${other} in a later one`;
  }

  #text(calls: RecordedCalls, x: unknown): string {
    if (x === undefined) return "nothing";
    if (!isValue(x)) return typeof x === "number" ? String(x) : "one setting";
    const isKnown = calls.callOf(x) !== undefined;
    if (isKnown && sizeOf(x.shape) === 1) return String(calls.numbersOf(x)![0]);
    return isKnown ? `a constant ${shapeText(x.shape)}` : `a tensor ${shapeText(x.shape)}`;
  }
}

const nameOf = (value: BackendValue): unknown => ("name" in value ? value.name : undefined);

const isPlain = (value: object): boolean =>
  Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;

const memberOf = (value: object, name: string): unknown =>
  (value as Readonly<Record<string, unknown>>)[name];

const areSameBytes = (a: ArrayBufferView, b: ArrayBufferView): boolean =>
  Buffer.compare(bytesOf(a), bytesOf(b)) === 0;

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const isComputed = (calls: RecordedCalls, x: unknown): boolean =>
  isValue(x) && calls.callOf(x) === undefined;

const OTHER_THINGS =
  "Compile a step of its own for each thing to do, and run the one that is due; or choose between tensors with where(...), by chance with randomUniform(...).";
const OF_OPTIMIZERS =
  "Take the rate and the count from what the rule is given: learningRate, and scalar((moves) => ...). A tensor that goes on from step to step is one that states() gives.";
const OF_STEPS =
  "Pass a number that changes in the batch, as in { inputs, targets, beta: tensor(beta) }, or list the loss that has it: compile(step, { model, optimizer, loss }). Chance comes from randomUniform and randomNormal, and what a layer carries on is a LayerState.";

function otherOps(one: RecordedCall | undefined, other: RecordedCall | undefined): TracingError {
  const [first, second] = [one, other].map((call) => call?.site.text ?? "nothing more");
  return different(`the first call does ${first}, and a later one ${second}`, OTHER_THINGS);
}

const different = (what: string, wayOut: string): TracingError =>
  new TracingError(
    `compile: a step is recorded once for all its runs, so every call must do the same, but ${what}. ${wayOut}`,
  );
