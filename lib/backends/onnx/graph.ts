// A graph of ONNX nodes under construction.
import { type DType, DTYPES } from "../../dtype.ts";
import type { BackendValue } from "../backend.ts";
import {
  type Attribute,
  type GraphContents,
  type HandedIn,
  type Initializer,
  type Node,
  numbersText,
  type ValueType,
} from "./graph-contents.ts";

/** What travels along an edge: a name, and the shape and element type of what will be there. */
export interface GraphValue extends BackendValue {
  readonly name: string;
}

/** How a value came to be: the node that gives it. */
export interface Origin {
  readonly operator: string;
  readonly operands: readonly (GraphValue | undefined)[];
  readonly outputs: readonly GraphValue[];
  /** What it was labelled with. */
  readonly label: string;
}

/** What a node is, besides its inputs and outputs. */
export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Whose operator it is; ONNX's own unless given. */
  readonly domain?: string;
}

/**
 * Where a graph is to run: `"cpu"` is ONNX Runtime on this machine, for the shapes that it was recorded with; `"standard"`
 * is any program that reads ONNX files: operators of ONNX alone, and as little as possible that follows from the shapes.
 */
type ProviderFamily = "cpu" | "standard";

/** What a graph may be made of. */
interface GraphOptions {
  /** Channels of a block, where convolutions may work on blocks of channels; 0 unless given. */
  readonly blockSize?: number;
  /** `"cpu"` unless given. */
  readonly family?: ProviderFamily;
}

/** ONNX Runtime's own operators. */
export const MICROSOFT = "com.microsoft";
/** ONNX Runtime's operators on blocks of channels, private to its CPU provider. */
export const NCHWC = "com.microsoft.nchwc";
/** Constants of up to so many elements are shared. */
const SMALL = 16;

/**
 * Collects nodes; the order in which they are added is an order in which they can run.
 *
 * A graph inside another one, such as the body of a scan, sees the values of the outer one by name. Constants
 * belong to the outermost graph, so that they are stored once.
 */
export class Graph {
  readonly #outermost: Graph;
  readonly #nodes: Node[] = [];
  readonly #inputs: GraphValue[] = [];
  readonly #outputs: GraphValue[] = [];
  #initializers: Initializer[] = [];
  readonly #shared = new Map<string, GraphValue>();
  readonly #origins = new Map<string, Origin>();
  #names = 0;
  #label = "";

  /** Channels of a block, where convolutions may work on blocks of channels; else 0. */
  readonly blockSize: number;
  /** Where the graph is to run. */
  readonly family: ProviderFamily;

  /** @param outer - the graph that this one runs in */
  constructor(outer?: Graph, options: GraphOptions = {}) {
    this.#outermost = outer ? outer.#outermost : this;
    this.blockSize = options.blockSize ?? outer?.blockSize ?? 0;
    this.family = options.family ?? outer?.family ?? "cpu";
  }

  /** Adds nodes under a label, by which errors of ONNX Runtime name them. */
  labelled<Result>(label: string, add: () => Result): Result {
    const outermost = this.#outermost;
    const before = outermost.#label;
    outermost.#label = label;
    try {
      return add();
    } finally {
      outermost.#label = before;
    }
  }

  /** What nodes are labelled with now. */
  get label(): string {
    return this.#outermost.#label;
  }

  /** A value that is handed in when the graph runs, of any shape. */
  input(name: string, { shape, dtype }: ValueType): GraphValue {
    const value = graphValue(name, { shape, dtype });
    this.#inputs.push(value);
    return value;
  }

  /** An input whose name nobody needs to know, of any shape. */
  parameter(type: ValueType): GraphValue {
    return this.input(this.#fresh("in"), type);
  }

  /** Numbers that are part of the model, in the shape `shape`. */
  constant(data: Initializer["data"], { shape, dtype }: ValueType): GraphValue {
    // Which constants are alike follows from the shapes: graphs that are compared name each of them by itself.
    const isShared = data.length <= SMALL && this.family === "cpu";
    const key = isShared ? `${dtype} ${shape.join()} ${numbersText(data)}` : undefined;
    const outermost = this.#outermost;
    const known = key === undefined ? undefined : outermost.#shared.get(key);
    if (known) return known;
    const value = graphValue(this.#fresh("constant"), { shape, dtype });
    outermost.#initializers.push({ name: value.name, shape, dtype, data });
    if (key !== undefined) outermost.#shared.set(key, value);
    return value;
  }

  /** Sizes or positions, `[length]`. */
  integers(values: readonly number[]): GraphValue {
    const data = BigInt64Array.from(values, BigInt);
    return this.constant(data, { shape: [values.length], dtype: "int64" });
  }

  /** One float32, `[]`. */
  scalar(value: number): GraphValue {
    return this.constant(Float32Array.of(value), { shape: [], dtype: "float32" });
  }

  /** A node with one output, of any shape. */
  node(
    operator: string,
    inputs: readonly (GraphValue | undefined)[],
    output: ValueType,
    options: NodeOptions = {},
  ): GraphValue {
    return this.nodeWith([output], operator, inputs, options)[0]!;
  }

  /** A node with several outputs. */
  nodeWith(
    outputs: readonly ValueType[],
    operator: string,
    inputs: readonly (GraphValue | undefined)[],
    { attributes = {}, domain = "" }: NodeOptions = {},
  ): GraphValue[] {
    const values = outputs.map((type) => graphValue(this.#fresh(operator), type));
    this.#nodes.push({
      operator,
      domain,
      inputs: inputs.map((value) => value?.name ?? ""),
      outputs: values.map(({ name }) => name),
      attributes,
      label: this.#freshLabel(),
    });
    const origin = { operator, operands: inputs, outputs: values, label: this.label };
    for (const { name } of values) this.#origins.set(name, origin);
    return values;
  }

  /** How a value of any shape came to be; undefined where no node of this graph gives it. */
  originOf({ name }: GraphValue): Origin | undefined {
    return this.#origins.get(name);
  }

  /** Names a value, of any shape, that is handed out when the graph has run. */
  output(value: GraphValue, name: string = this.#fresh("out")): void {
    this.#outputs.push(this.alias(value, name));
  }

  /** Another name for a value of any shape. */
  alias(value: GraphValue, other: string): GraphValue {
    const { name, shape, dtype } = value;
    this.#nodes.push({
      operator: "Identity",
      domain: "",
      inputs: [name],
      outputs: [other],
      attributes: {},
      label: this.#freshLabel(),
    });
    return graphValue(other, { shape, dtype });
  }

  /** Makes no input of a value, of any shape: nodes find it by its name in the graph around this one. */
  withdraw(input: GraphValue): void {
    this.#inputs.splice(this.#inputs.indexOf(input), 1);
  }

  /**
   * Makes inputs of all constants of more than so many bytes, of this graph and those in it: whoever runs the model
   * hands them in.
   */
  handIn(bytes: number): HandedIn[] {
    const large = this.#initializers.filter(({ data }) => data.byteLength > bytes).filter(isTensor);
    for (const { name, shape, dtype } of large) this.input(name, { shape, dtype });
    this.#initializers = this.#initializers.filter((each) => !large.some((one) => one === each));
    return large;
  }

  /** How many nodes there are, those of inner graphs included. */
  get size(): number {
    const inner = this.#nodes.flatMap(({ attributes }) => Object.values(attributes));
    const graphs = inner.filter((attribute) => attribute instanceof Graph);
    return graphs.reduce((count, { size }) => count + size, this.#nodes.length);
  }

  /** Whether a value of any shape is computed from one of the sources. */
  dependsOn(value: GraphValue, sources: readonly GraphValue[]): boolean {
    const { needed } = this.#upstream([value.name]);
    return sources.some(({ name }) => needed.has(name));
  }

  /** A graph of its own with what leads to some values, of any shapes, which it hands out by the names given here. */
  part(outputs: ReadonlyMap<string, GraphValue>): Graph {
    const part = new Graph(undefined, this);
    const { needed, nodes } = this.#upstream([...outputs.values()].map(({ name }) => name));
    part.#nodes.push(...nodes);
    part.#inputs.push(...this.#inputs.filter(({ name }) => needed.has(name)));
    part.#initializers.push(...this.#initializers.filter(({ name }) => needed.has(name)));
    for (const [name, value] of outputs) part.output(value, name);
    return part;
  }

  /** Names of what is handed in. */
  get inputNames(): readonly string[] {
    return this.#inputs.map(({ name }) => name);
  }

  // Nodes are in an order in which they can run, so one walk back finds all that lead to the names.
  #upstream(names: readonly string[]): { needed: ReadonlySet<string>; nodes: readonly Node[] } {
    const needed = new Set(names);
    const nodes = this.#nodes.toReversed().filter((node) => {
      if (!node.outputs.some((name) => needed.has(name))) return false;
      for (const name of namesReadBy(node)) needed.add(name);
      return true;
    });
    return { needed, nodes: nodes.toReversed() };
  }

  /** All names that the nodes read, those of inner graphs included. */
  get namesRead(): readonly string[] {
    return this.#nodes.flatMap(namesReadBy);
  }

  /** Everything that is in the graph, of any shapes, to be written. */
  get contents(): GraphContents {
    return {
      nodes: this.#nodes,
      inputs: this.#inputs,
      outputs: this.#outputs,
      initializers: this.#initializers,
    };
  }

  // No two nodes may be called the same.
  #freshLabel(): string {
    return this.label === "" ? "" : this.#fresh(this.label);
  }

  #fresh(stem: string): string {
    return `${stem}_${this.#outermost.#names++}`;
  }
}

function graphValue(name: string, { shape, dtype }: ValueType): GraphValue {
  // Sizes and positions never leave the graph: for everybody else, a value has a tensor's type.
  return { name, shape: [...shape], dtype: dtype as DType };
}

// Sizes and positions have types of their own.
const isTensor = (constant: Initializer): constant is Initializer & HandedIn =>
  DTYPES.some((dtype) => dtype === constant.dtype);

function namesReadBy({ inputs, attributes }: Node): string[] {
  const inner = Object.values(attributes).filter((attribute) => attribute instanceof Graph);
  return [...inputs, ...inner.flatMap(({ namesRead }) => namesRead)];
}
