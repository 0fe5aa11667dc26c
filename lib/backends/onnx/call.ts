// A primitive and what it takes, as one model: with those of its operands that nobody has computed yet.
import type { BackendValue } from "../backend.ts";
import type { HostArray } from "../host-array.ts";
import type { Call, Waiting } from "../put-off.ts";
import { Graph, type GraphValue } from "./graph.ts";
import { modelFile } from "./model-file.ts";
import { LOWERINGS, type PrimitiveName } from "./primitives.ts";

/** A call, and the calls that it waits for, as ONNX Runtime runs them. */
export class CallModel {
  /** Arrays that go in, of any shape; each of them once. */
  readonly inputs: HostArray[] = [];
  /** All that the model depends on: primitives, shapes and types of the arrays, and every setting. */
  readonly key: string;
  readonly #call: Call;
  readonly #inner = new Map<BackendValue, Call>();

  constructor(call: Call, waiting: Waiting) {
    this.#call = call;
    this.key = this.#describe(call, waiting);
  }

  /** Whether it is one primitive alone. */
  get isSingle(): boolean {
    return this.#inner.size === 0;
  }

  /** The file to be loaded. Convolutions, and what runs with them, may use blocks of channels. */
  file(blockSize: () => number): Uint8Array {
    const calls = [this.#call, ...this.#inner.values()];
    const convolves = calls.some(({ name }) => name.startsWith("conv2d"));
    const graph = new Graph(undefined, { blockSize: convolves ? blockSize() : 0 });
    const values = new Map<BackendValue, GraphValue>();
    for (const [index, x] of this.inputs.entries()) values.set(x, graph.input(`in${index}`, x));
    const valueOf = (x: BackendValue): GraphValue => {
      const value = values.get(x) ?? lower(this.#inner.get(x)!);
      values.set(x, value);
      return value;
    };
    const lower = ({ name, parameters }: Call): GraphValue => {
      const onGraph = parameters.map((parameter) => {
        if (isArray(parameter)) return valueOf(parameter);
        return isList(parameter) ? parameter.map(valueOf) : parameter;
      });
      return (LOWERINGS[name as PrimitiveName] as (graph: Graph, ...rest: unknown[]) => GraphValue)(
        graph,
        ...onGraph,
      );
    };
    graph.output(lower(this.#call), "out0");
    return modelFile(graph);
  }

  #describe(call: Call, waiting: Waiting): string {
    const array = (x: HostArray): string => {
      const inner = this.#inner.get(x) ?? waiting(x, call);
      if (inner === undefined) return this.#describeInput(x);
      this.#inner.set(x, inner);
      return this.#describe(inner, waiting);
    };
    const parameter = (each: unknown): string => {
      if (isArray(each)) return array(each);
      if (isList(each)) return each.map(array).join(" and ");
      // JSON has one word for NaN and both infinities.
      return typeof each === "number" ? String(each) : JSON.stringify(each);
    };
    return `${call.name}(${call.parameters.map(parameter).join("; ")})`;
  }

  #describeInput(x: HostArray): string {
    const known = this.inputs.indexOf(x);
    const index = known === -1 ? this.inputs.push(x) - 1 : known;
    return `in${index} ${x.dtype} ${x.shape.join()}`;
  }
}

/** Whether a parameter is an array of any shape. */
export const isArray = (parameter: unknown): parameter is HostArray =>
  typeof parameter === "object" && parameter !== null && "dtype" in parameter;

const isList = (parameter: unknown): parameter is readonly HostArray[] =>
  Array.isArray(parameter) && parameter.length > 0 && isArray(parameter[0]);
