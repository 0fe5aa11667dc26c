// Small tensors that are computed alike: one op on all of them, one behind the other, in place of one op on each.
import { sizeOf } from "../../shape.ts";
import type { Graph, GraphValue, Origin } from "./graph.ts";

/** Operators that treat every element by itself. */
const ELEMENTWISE = new Set(
  "Add Sub Mul Div Max Min Neg Exp Log Sqrt Abs Reciprocal Tanh Sigmoid Erf Relu".split(" "),
);

/**
 * Puts tensors one behind the other, as early as possible: an optimizer's step for twenty biases, which is ten small
 * ops for each, is ten ops for all of them. The nodes that computed them one by one are left without a reader.
 */
export class Joiner {
  readonly #graph: Graph;
  readonly #known = new Map<string, GraphValue>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** Values of any shapes, `[total size]`. */
  join(values: readonly GraphValue[]): GraphValue {
    const sources = values.map((value) => this.#beforeReshapes(value));
    const key = sources.map(({ name }) => name).join();
    const joined =
      this.#known.get(key) ??
      this.#cutFrom(sources) ??
      this.#computedAlike(sources) ??
      this.#concat(sources);
    this.#known.set(key, joined);
    return joined;
  }

  // The same elements in the same order.
  #beforeReshapes(value: GraphValue): GraphValue {
    const origin = this.#graph.originOf(value);
    const [source] = origin?.operator === "Reshape" ? origin.operands : [];
    return source ? this.#beforeReshapes(source) : value;
  }

  // All pieces of one array are that array.
  #cutFrom(values: readonly GraphValue[]): GraphValue | undefined {
    const [origin] = values.map((value) => this.#graph.originOf(value));
    if (origin?.operator !== "Split" || origin.outputs.length !== values.length) return undefined;
    const [whole] = origin.operands as readonly [GraphValue];
    const isEach = origin.outputs.every(({ name }, index) => name === values[index]!.name);
    return isEach && whole.shape.length === 1 ? whole : undefined;
  }

  #computedAlike(values: readonly GraphValue[]): GraphValue | undefined {
    const origins = values.map((value) => this.#graph.originOf(value));
    const [first] = origins;
    if (first === undefined || !ELEMENTWISE.has(first.operator)) return undefined;
    const isAlike = (each: Origin | undefined): each is Origin =>
      each?.operator === first.operator && each.operands.length === first.operands.length;
    if (!origins.every(isAlike)) return undefined;
    const columns = first.operands.map((_, at) => origins.map(({ operands }) => operands[at]!));
    // Before anything is added: one of the operands may be stretched, or a number of each value's own.
    if (!columns.every((column) => isOneNumber(column) || haveSizesOf(column, values))) {
      return undefined;
    }
    return this.#graph.labelled(first.label, () => {
      const operands = columns.map((column) =>
        isOneNumber(column) ? column[0]! : this.join(column),
      );
      return this.#graph.node(first.operator, operands, typeOf(values));
    });
  }

  #concat(values: readonly GraphValue[]): GraphValue {
    const rows = values.map((value) => this.#flat(value));
    const attributes = { axis: 0 };
    return this.#graph.node("Concat", rows, typeOf(values), { attributes });
  }

  #flat(value: GraphValue): GraphValue {
    const shape = [sizeOf(value.shape)];
    if (value.shape.length === 1) return value;
    const { dtype } = value;
    return this.#graph.node("Reshape", [value, this.#graph.integers(shape)], { shape, dtype });
  }
}

const typeOf = (values: readonly GraphValue[]): Pick<GraphValue, "shape" | "dtype"> => {
  return { shape: [totalSize(values)], dtype: values[0]!.dtype };
};

const totalSize = (values: readonly GraphValue[]): number =>
  values.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

// One scalar for all.
const isOneNumber = (column: readonly GraphValue[]): boolean =>
  column[0]!.shape.length === 0 && column.every(({ name }) => name === column[0]!.name);

const haveSizesOf = (column: readonly GraphValue[], values: readonly GraphValue[]): boolean =>
  column.every(({ shape, dtype }, index) => {
    const value = values[index]!;
    return dtype === value.dtype && sizeOf(shape) === sizeOf(value.shape);
  });
