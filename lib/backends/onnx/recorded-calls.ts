// What a recording is made of: calls of primitives in order, and values whose numbers follow from no input.
import type { TypedArray } from "../../dtype.ts";
import type { Backend, BackendValue } from "../backend.ts";
import type { CallSite } from "./call-sites.ts";
import type { GraphValue } from "./graph.ts";

/** A call of a primitive, with values of the graph among its parameters. */
export interface RecordedCall {
  /** As the backend's contract calls it. */
  readonly name: string;
  readonly parameters: readonly unknown[];
  readonly site: CallSite;
}

/** How a value came to be that follows from no input: the call of a backend that gives its numbers. */
export type KnownCall = Omit<RecordedCall, "site">;

/** The calls of one recording. */
export class RecordedCalls {
  readonly #host: Backend | undefined;
  readonly #list: RecordedCall[] = [];
  readonly #places = new WeakMap<BackendValue, number>();
  readonly #known = new WeakMap<BackendValue, KnownCall>();
  readonly #numbers = new WeakMap<BackendValue, BackendValue>();
  #results = 0;

  /** @param host - computes the numbers of known values when somebody reads them */
  constructor(host: Backend | undefined) {
    this.#host = host;
  }

  /** All calls whose results depend on inputs, in order. */
  get list(): readonly RecordedCall[] {
    return this.#list;
  }

  /** Forgets the calls: a layer may hold on to a recording. */
  forget(): void {
    this.#list.length = 0;
  }

  /** Notes a call, with results of any shapes. */
  note(call: RecordedCall, results: readonly GraphValue[]): void {
    if (valuesIn(call.parameters).every((value) => this.#known.has(value))) {
      for (const value of results) this.know(value, call);
      return;
    }
    this.noteInput(call, results);
  }

  /** Notes a call whose results, of any shapes, are other ones in every run. */
  noteInput(call: RecordedCall, results: readonly GraphValue[]): void {
    this.#list.push(call);
    for (const value of results) {
      if (!this.#places.has(value)) this.#places.set(value, this.#results++);
    }
  }

  /** Notes how to compute the numbers of a value of any shape. */
  know(value: GraphValue, { name, parameters }: KnownCall): void {
    if (!this.#known.has(value)) this.#known.set(value, { name, parameters });
  }

  /** How a value of any shape came to be, if it follows from no input. */
  callOf(value: BackendValue): KnownCall | undefined {
    return this.#known.get(value);
  }

  /** Which of all results a value of any shape is; undefined for one that entered the graph with the step. */
  placeOf(value: BackendValue): number | undefined {
    return this.#places.get(value);
  }

  /** The numbers of a value of any shape; undefined where they follow from inputs. */
  numbersOf(value: BackendValue): TypedArray | undefined {
    const host = this.#host;
    return host && this.#known.has(value) ? host.read(this.#computed(value, host)) : undefined;
  }

  #computed(value: BackendValue, host: Backend): BackendValue {
    const there = this.#numbers.get(value);
    if (there) return there;
    const { name, parameters } = this.#known.get(value)!;
    const primitive = host[name as keyof Backend] as (...all: unknown[]) => BackendValue;
    const computed = primitive(...parameters.map((each) => this.#onHost(each, host)));
    this.#numbers.set(value, computed);
    return computed;
  }

  #onHost(parameter: unknown, host: Backend): unknown {
    if (Array.isArray(parameter)) return parameter.map((each) => this.#onHost(each, host));
    // What was adopted is the other backend's own.
    return isValue(parameter) && this.#known.has(parameter)
      ? this.#computed(parameter, host)
      : parameter;
  }
}

/** Whether a parameter of a primitive is a value, of any shape, and no setting. */
export const isValue = (parameter: unknown): parameter is BackendValue =>
  typeof parameter === "object" &&
  parameter !== null &&
  "shape" in parameter &&
  "dtype" in parameter;

// Values of any shapes, among other parameters and in lists.
const valuesIn = (parameters: readonly unknown[]): BackendValue[] =>
  parameters.flat().filter(isValue);
