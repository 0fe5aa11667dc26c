// A step is recorded once, so it must do the same in every call: it is called twice, and the calls are compared.
import { type RecordedCall, type RecordedCalls, isValue } from "../backends/onnx/recorded-calls.ts";
import type { BackendValue } from "../backends/backend.ts";
import { Graph } from "../backends/onnx/graph.ts";
import { TracingError } from "../errors.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { sameShape, shapeText, sizeOf } from "../shape.ts";
import { noteProgress, putProgress } from "./progress.ts";
import { type StepFunction, type Tensors, trace, type Traced, type TraceOptions } from "./trace.ts";

/**
 * Calls a step that was traced once more, as the next step would, and compares what it does. Nothing of that stays but
 * what the code does to objects of its own.
 *
 * @throws {TracingError} where the second call does something else than the first, with the line and the way out
 */
export function checkSecondCall(
  step: StepFunction<Tensors, Tensors>,
  first: Traced,
  options: Omit<TraceOptions, "body">,
): void {
  const { optimizers } = options.of;
  const putCountsBack = noteProgress(optimizers);
  try {
    for (const each of optimizers) goOn(each);
    checkSame(first, trace(step, { ...options, body: new Graph() }));
  } finally {
    putCountsBack();
  }
}

// As one step leaves it. A schedule gives its first rate before the first step, too: that of the next one is another.
function goOn(optimizer: Optimizer): void {
  const { progress, schedule } = optimizer;
  const stepCount = progress.stepCount + 1;
  const learningRate = schedule ? schedule(stepCount + 1) : progress.learningRate;
  putProgress(optimizer, { ...progress, stepCount, learningRate });
}

function checkSame(first: Traced, second: Traced): void {
  const calls = [first.recorder.calls, second.recorder.calls] as const;
  const comparison = new Comparison(...calls);
  const [one, other] = [calls[0].list, calls[1].list];
  const length = Math.max(one.length, other.length);
  for (let index = 0; index < length; index++) comparison.check(one[index], other[index]);
  comparison.checkEnds(first.results, second.results, (name) => `the result ${name}`);
  comparison.checkEnds(first.slots, second.slots, (slot) => {
    return "name" in slot ? String(slot.name) : "an optimizer's state";
  });
  for (const each of calls) each.forget();
}

class Comparison {
  readonly #first: RecordedCalls;
  readonly #second: RecordedCalls;

  constructor(first: RecordedCalls, second: RecordedCalls) {
    this.#first = first;
    this.#second = second;
  }

  check(one: RecordedCall | undefined, other: RecordedCall | undefined): void {
    if (one === undefined || other === undefined || one.name !== other.name) {
      throw otherOps(one, other);
    }
    const length = Math.max(one.parameters.length, other.parameters.length);
    for (let index = 0; index < length; index++) {
      const [a, b] = [one.parameters[index], other.parameters[index]];
      if (!this.#areSame(a, b)) throw otherParameter(other, this.#difference(a, b));
    }
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
      throw different(
        `${what(key)} is ${this.#difference(a, b)}`,
        `Pass what changes in the batch. ${CARRY_ON}`,
      );
    }
  }

  #areSame(a: unknown, b: unknown): boolean {
    if (Object.is(a, b)) return true;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    if (isValue(a) || isValue(b)) return isValue(a) && isValue(b) && this.#areSameValues(a, b);
    if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return areSameBytes(a, b);
    if (!isPlain(a) || !isPlain(b)) return false;
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length &&
      names.every((name) => this.#areSame(memberOf(a, name), memberOf(b, name)))
    );
  }

  #areSameValues(a: BackendValue, b: BackendValue): boolean {
    if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape)) return false;
    const [one, other] = [this.#first.callOf(a), this.#second.callOf(b)];
    if (one && other) {
      // What the first call has made and kept is the same in the second one.
      if (other.name === "adopt" && other.parameters[0] === a) return true;
      if (one.name === other.name && this.#areSame(one.parameters, other.parameters)) return true;
      return this.#haveSameNumbers(a, b);
    }
    if (one || other) return false;
    const [place, otherPlace] = [this.#first.placeOf(a), this.#second.placeOf(b)];
    if (place !== undefined || otherPlace !== undefined) return place === otherPlace;
    // Weights, states and batches enter both graphs in the same order.
    return nameOf(a) === nameOf(b);
  }

  #haveSameNumbers(a: BackendValue, b: BackendValue): boolean {
    return areSameBytes(this.#first.numbersOf(a)!, this.#second.numbersOf(b)!);
  }

  #difference(a: unknown, b: unknown): string {
    const [one, other] = [this.#text(this.#first, a), this.#text(this.#second, b)];
    return one === other
      ? `${one} in the first call and another in the second`
      : `${one} in the first call and ${other} in the second`;
  }

  #text(calls: RecordedCalls, x: unknown): string {
    if (x === undefined) return "nothing";
    if (!isValue(x)) return typeof x === "number" ? String(x) : "one setting";
    const isKnown = calls.callOf(x) !== undefined;
    if (isKnown && sizeOf(x.shape) === 1) return String(calls.numbersOf(x)![0]);
    return isKnown ? `a constant ${shapeText(x.shape)}` : `a tensor ${shapeText(x.shape)}`;
  }
}

const nameOf = (value: BackendValue): unknown => "name" in value && value.name;

const isPlain = (value: object): boolean =>
  Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;

const memberOf = (value: object, name: string): unknown =>
  (value as Readonly<Record<string, unknown>>)[name];

const areSameBytes = (a: ArrayBufferView, b: ArrayBufferView): boolean =>
  Buffer.compare(bytesOf(a), bytesOf(b)) === 0;

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const CARRY_ON =
  "What goes on from step to step is a LayerState, or a tensor that states() of an optimizer gives.";

function otherParameter({ site }: RecordedCall, difference: string): TracingError {
  return different(
    `${site.text} takes ${difference}`,
    "Pass a number that changes in the batch, as in { inputs, targets, beta: tensor(beta) }; in the rule of an optimizer, take its learningRate and scalar((moves) => ...). " +
      `Chance comes from randomUniform and randomNormal. ${CARRY_ON}`,
  );
}

function otherOps(one: RecordedCall | undefined, other: RecordedCall | undefined): TracingError {
  const [first, second] = [one, other].map((call) => call?.site.text ?? "nothing more");
  return different(
    `the first call does ${first}, and the second ${second}`,
    "Compile a step of its own for each thing to do, and run the one that is due; or choose between tensors with where(...).",
  );
}

const different = (what: string, wayOut: string): TracingError =>
  new TracingError(
    `compile: a step is recorded once for all its runs, so every call must do the same, but ${what}. ${wayOut}`,
  );
