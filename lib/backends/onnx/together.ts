// Several ops as one model: the ops leave nodes, and what is wanted of them is computed in one run.
import { dtypeOf, type TypedArray } from "../../dtype.ts";
import type { Backend, BackendValue } from "../backend.ts";
import { type HostArray, hostArray, hostStorage } from "../host-array.ts";
import { Graph, type GraphValue } from "./graph.ts";
import { graphText } from "./graph-text.ts";
import { modelFile } from "./model-file.ts";
import { LOWERINGS, type PrimitiveName } from "./primitives.ts";
import { SessionCache } from "./session-cache.ts";

/** Gives the values that are wanted; runs its ops on the backend that it gets. */
export type TogetherBody = (backend: Backend) => readonly BackendValue[];

/**
 * A way to run ops together; the models of ops that were run before are kept.
 *
 * @param threads - that share the work of one op
 */
export function onnxTogether(threads: number): (body: TogetherBody) => readonly BackendValue[] {
  const sessions = new SessionCache({ threads, takesTurns: true });
  return (body) => {
    const bundle = new Bundle(sessions);
    return bundle.compute(body(bundle.backend) as readonly GraphValue[]);
  };
}

class Bundle {
  readonly backend: Backend;
  readonly #sessions: SessionCache;
  readonly #graph = new Graph();
  readonly #inputs: HostArray[] = [];
  readonly #known = new Map<BackendValue, GraphValue>();
  readonly #outputs: GraphValue[] = [];

  constructor(sessions: SessionCache) {
    this.#sessions = sessions;
    const primitives = Object.entries(LOWERINGS).map(([name, lower]) => {
      const add = lower as (graph: Graph, ...parameters: unknown[]) => GraphValue;
      return [name, (...parameters: unknown[]) => add(this.#graph, ...parameters)];
    });
    this.backend = {
      name: "together",
      ...(Object.fromEntries(primitives) as Pick<Backend, PrimitiveName>),
      fromHost: (data, shape) => this.#input(hostArray(data, shape)),
      fill: (value, shape, dtype) =>
        dtype === "float32" && shape.length === 0
          ? this.#graph.scalar(value)
          : this.#input(hostStorage.fill(value, shape, dtype) as HostArray),
      drawn: (...drawn) => this.#input(hostStorage.drawn(...drawn) as HostArray),
      constant: (x) => x,
      adopt: (x, owner) => this.#adopt(x, owner),
      read: (x) => this.#numbers(x as GraphValue),
    };
  }

  /** The numbers of some values. The graph, with all that is constant in it, is the key to its session. */
  compute(values: readonly GraphValue[]): readonly HostArray[] {
    const first = this.#outputs.length;
    for (const value of values) {
      this.#graph.output(value, `out${this.#outputs.length}`);
      this.#outputs.push(value);
    }
    const task = { inputs: this.#inputs, outputs: this.#outputs.length };
    const model = (): Uint8Array => modelFile(this.#graph);
    return this.#sessions.run(graphText(this.#graph), model, task).slice(first);
  }

  // Somebody looks at a number in between: what leads to it is computed now, and again at the end.
  #numbers(value: GraphValue): TypedArray {
    return this.compute([value])[0]!.data;
  }

  #input(array: HostArray): GraphValue {
    const { shape, data } = array;
    const value = this.#graph.input(`in${this.#inputs.length}`, { shape, dtype: dtypeOf(data) });
    this.#inputs.push(array);
    return value;
  }

  #adopt(x: BackendValue, owner: Backend): GraphValue {
    const known = this.#known.get(x);
    if (known) return known;
    const value = this.#input(hostArray(owner.read(x), x.shape));
    this.#known.set(x, value);
    return value;
  }
}
