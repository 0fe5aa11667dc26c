// The backend that records: ops add nodes to a graph, and nothing is computed.
import { type DType, dtypeOf, type TypedArray } from "../../dtype.ts";
import { DTypeError, TracingError } from "../../errors.ts";
import type { Generator } from "../../random.ts";
import { type Shape, shapeText } from "../../shape.ts";
import type { Backend, BackendValue, Draw, ScanBody, ScanResult, ScanValues } from "../backend.ts";
import { CallSite } from "./call-sites.ts";
import { Graph, type GraphValue } from "./graph.ts";
import type { ValueType } from "./graph-contents.ts";
import { LOWERINGS, type PrimitiveName } from "./primitives.ts";
import { RecordedCalls } from "./recorded-calls.ts";

/** Numbers that the host draws anew for each run of the step, in this order. */
export interface RecordedDraw {
  readonly draw: Draw;
  /** What it draws from, if it is chance. */
  readonly random: Generator | undefined;
  /** Where they enter the graph. */
  readonly value: GraphValue;
}

/** A value that ranks average: what this rank has of it, and where the values of all ranks enter the graph again. */
export interface Exchange {
  readonly own: GraphValue;
  readonly all: readonly GraphValue[];
}

/** Who shares a batch. */
export interface Sharing {
  readonly ranks: number;
  /** What a rank has of the batch. Only what is computed from it differs between ranks. */
  readonly batch: readonly GraphValue[];
}

/** What a recorder is told of the step. */
export interface RecorderOptions {
  /** Who shares the batch, if it is shared. */
  readonly sharing?: Sharing | undefined;
  /** Parameters, states and optimizers that the step may change, because runs carry them on; unless given, all. */
  readonly places?: ReadonlySet<object>;
  /** Computes what is asked of values that follow from no input; unless given, they have no numbers. */
  readonly host?: Backend;
}

/** Records one step into a graph. */
export class Recorder {
  /** The backend to run the step on. */
  readonly backend: Backend;
  /** What the step drew: masks, noise, learning rates. */
  readonly draws: RecordedDraw[] = [];
  /** What ranks average, in order. */
  readonly exchanges: Exchange[] = [];
  /** Where the ops of the step were called; the number in a node's label says which it is. */
  readonly sites: CallSite[] = [];
  /** What the step does. */
  readonly calls: RecordedCalls;
  readonly #step: Graph;
  // A layer may hold on to a recording: what the step took from outside goes when others forget it.
  readonly #known = new WeakMap<BackendValue, GraphValue>();
  // The graph that nodes are added to: that of the step, or the body of a scan.
  #graph: Graph;
  #hasEnded = false;

  constructor(graph: Graph, { sharing, places, host }: RecorderOptions = {}) {
    this.calls = new RecordedCalls(host);
    this.#step = graph;
    this.#graph = graph;
    this.backend = {
      ...this.#makeBackend(),
      ...(sharing && {
        meanOverRanks: (x) => this.#meanOverRanks(x as GraphValue, sharing),
        timesRanks: (x) => this.#timesRanks(x as GraphValue, sharing),
      }),
      ...(places && { willKeep: (place, what) => checkKnown(places, place, what) }),
    };
  }

  /** Whether the numbers of another backend's value, of any shape, are constants of the graph. */
  hasAdopted(x: BackendValue): boolean {
    return this.#known.has(x);
  }

  /** Says that the step is over: what was made in it never gets numbers. */
  end(): void {
    this.#hasEnded = true;
  }

  #makeBackend(): Backend {
    const primitives = Object.entries(LOWERINGS).map(([name, lower]) => {
      const add = lower as (graph: Graph, ...parameters: unknown[]) => GraphValue;
      return [name, (...parameters: unknown[]) => this.#add(name, add, parameters)];
    });
    return {
      name: "recorder",
      fromHost: (data, shape) => this.#constant(data, { shape, dtype: dtypeOf(data) }),
      fill: (value, shape, dtype) => this.#fill(value, shape, dtype),
      drawn: (draw, shape, { dtype, random }) => this.#drawn({ draw, random }, { shape, dtype }),
      constant: (x) => x,
      adopt: (x, owner) => this.#adopt(x, owner),
      read: (x) => this.#read(x),
      ...(Object.fromEntries(primitives) as Pick<Backend, PrimitiveName>),
      scan: (inputs, body) => this.#scan(inputs, body),
    };
  }

  #add<Parameters extends readonly unknown[]>(
    name: string,
    add: (graph: Graph, ...parameters: Parameters) => GraphValue,
    parameters: Parameters,
  ): GraphValue {
    // Some primitives are families, such as all functions of one number: the first parameter says which it is.
    const [first] = parameters;
    const site = new CallSite(typeof first === "string" ? first : name);
    const label = `${site.op}@${this.sites.push(site) - 1}`;
    const value = this.#graph.labelled(label, () => add(this.#graph, ...parameters));
    checkFloat32(value);
    this.calls.note({ name, parameters, site }, [value]);
    return value;
  }

  // What follows from no input has numbers, in the recording and after it.
  #read(x: BackendValue): TypedArray {
    const numbers = this.calls.numbersOf(x);
    if (numbers) return numbers;
    throw new TracingError(this.#hasEnded ? lostNumbers() : missingNumbers());
  }

  #constant(data: TypedArray, type: ValueType): GraphValue {
    checkFloat32(type);
    const value = this.#graph.constant(data, type);
    this.calls.know(value, { name: "fromHost", parameters: [data, type.shape] });
    return value;
  }

  // Zeros of a million elements are one number in the file, expanded when the step runs.
  #fill(value: number, shape: Shape, dtype: DType): GraphValue {
    checkFloat32({ shape, dtype });
    const graph = this.#graph;
    const number = graph.scalar(value);
    const scalar = dtype === "float32" ? number : LOWERINGS.cast(graph, number, dtype);
    const filled = shape.length === 0 ? scalar : LOWERINGS.expand(graph, scalar, shape);
    this.calls.know(filled, { name: "fill", parameters: [value, shape, dtype] });
    return filled;
  }

  #drawn(source: Omit<RecordedDraw, "value">, type: ValueType): GraphValue {
    checkFloat32(type);
    if (this.#graph !== this.#step) {
      throw new TracingError(
        `compile: ${new CallSite("chance").text} would be the same in every step of a scan, which is not what the code says. ` +
          "Draw the numbers for all steps before the scan, and hand them in as a sequence.",
      );
    }
    const value = this.#step.parameter(type);
    this.draws.push({ ...source, value });
    const { random } = source;
    // Without a source of chance it is a rate, or a number that depends on how many steps there were.
    const site = new CallSite(random ? "chance" : "the step of an optimizer");
    this.calls.noteInput({ name: "drawn", parameters: [type.shape, type.dtype, random], site }, [
      value,
    ]);
    return value;
  }

  // A tensor that was there before the recording keeps its numbers for all runs.
  #adopt(x: BackendValue, owner: Backend): GraphValue {
    const known = this.#known.get(x);
    if (known) return known;
    checkFloat32(x);
    const value = this.#graph.constant(numbersOf(x, owner), x);
    this.calls.know(value, { name: "adopt", parameters: [x, owner] });
    this.#known.set(x, value);
    return value;
  }

  // The graph is cut here: what this rank computed goes out, and what all of them computed comes in.
  #meanOverRanks(own: GraphValue, { ranks, batch }: Sharing): GraphValue {
    const graph = this.#step;
    if (!graph.dependsOn(own, batch)) return own;
    const all = Array.from({ length: ranks }, () => graph.parameter(own));
    this.exchanges.push({ own, all });
    const sum = all.reduce((total, each) => graph.node("Add", [total, each], own));
    return graph.node("Mul", [sum, graph.scalar(1 / ranks)], own);
  }

  // What has nothing to do with the batch is not summed over its rows.
  #timesRanks(x: GraphValue, { ranks, batch }: Sharing): GraphValue {
    const shared = [...batch, ...this.draws.map(({ value }) => value)];
    if (!this.#step.dependsOn(x, shared)) return x;
    return this.#step.node("Mul", [x, this.#step.scalar(ranks)], x);
  }

  #scan({ states, sequences }: ScanValues, body: ScanBody): ScanResult {
    const site = new CallSite("scan");
    const outer = this.#graph;
    const inner = new Graph(outer);
    const steps = sequences[0]!.shape[0]!;
    const stateInputs = states.map((state) => inner.parameter(state));
    const items = sequences.map(({ shape, dtype }) =>
      inner.parameter({ shape: shape.slice(1), dtype }),
    );
    this.calls.noteInput({ name: "scan", parameters: [states, sequences], site }, [
      ...stateInputs,
      ...items,
    ]);
    this.#graph = inner;
    try {
      const next = body(stateInputs, items) as { states: GraphValue[]; outputs: GraphValue[] };
      for (const value of [...next.states, ...next.outputs]) inner.output(value);
      const outputs = next.outputs.map(({ shape, dtype }) => ({ shape: [steps, ...shape], dtype }));
      const values = outer.nodeWith(
        [...states, ...outputs],
        "Scan",
        [...states, ...sequences] as GraphValue[],
        {
          attributes: { body: inner, num_scan_inputs: sequences.length },
        },
      );
      const kept = [next.states, next.outputs];
      this.calls.noteInput({ name: "scan", parameters: kept, site }, values);
      return { states: values.slice(0, states.length), outputs: values.slice(states.length) };
    } finally {
      this.#graph = outer;
    }
  }
}

function checkKnown(places: ReadonlySet<object>, place: object, what: string): void {
  if (places.has(place)) return;
  throw new TracingError(
    `compile: a step may change only what belongs to the model and the optimizer of its options, but it changes ${new CallSite(what).text}. ` +
      "List it there, as in compile(step, { model: [encoder, head], optimizer }), so that every run goes on from the one before. " +
      "What a layer keeps in fields that begin with # is not seen: use others; what it makes in its first forward is there too late: make it in the constructor.",
  );
}

// An earlier recording is an owner that has numbers of few tensors.
function numbersOf(x: BackendValue, owner: Backend): TypedArray {
  try {
    return owner.read(x);
  } catch (error) {
    throw owner.name === "recorder" && error instanceof TracingError ? ofEarlierCall() : error;
  }
}

function ofEarlierCall(): TracingError {
  const site = new CallSite("an op");
  const fix = site.isThrough("optimizers/optimizer")
    ? "Keep it in the value of a state that states() of the optimizer gives."
    : "Keep it in a LayerState of a layer, or return it and pass it in the next batch. What a layer saved for backward is such a tensor too: call forward first.";
  return new TracingError(
    `compile: a run goes on from the weights and states of model and optimizer, but ${site.text} takes a tensor that an earlier call of the step has made. ${fix}`,
  );
}

const missingNumbers = (): string =>
  `compile: a step that is being recorded has shapes but no numbers yet; ${new CallSite("a number was asked for").text}. ` +
  "Return the tensor from the step to get its numbers, or choose between tensors with where(...).";

const lostNumbers = (): string =>
  `compile: a tensor that somebody kept from a recorded step has no numbers; ${new CallSite("they were asked for").text}. ` +
  "Return the tensor from the step to get its numbers. What layers saved for backward is such a tensor too: call forward again.";

function checkFloat32({ shape, dtype }: ValueType): void {
  if (dtype !== "float64") return;
  throw new DTypeError(
    `compile: graphs compute in float32, got shape ${shapeText(shape)} of ${new CallSite("float64").text}. ` +
      'float64 runs on the typescript backend only: run the step without compile, or cast(x, "float32").',
  );
}
