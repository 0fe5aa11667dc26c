// Sizes as nodes: what a recording holds as a number is computed from the shapes of the inputs when the file runs.
import type { DType } from "../../dtype.ts";
import type { Graph, GraphValue } from "../../backends/onnx/graph.ts";
import { castTo } from "../../backends/onnx/lowering/choices.ts";
import type { SizeFormula, Term } from "./size-formula.ts";

/** Where a named axis is: an input of any shape, and the number of the axis. */
export interface AxisPlace {
  readonly input: GraphValue;
  readonly axis: number;
}

const ONE = { shape: [1], dtype: "int64" } as const;

/** Adds nodes that compute sizes; each is made once. */
export class SizeArithmetic {
  readonly #graph: Graph;
  readonly #places: ReadonlyMap<string, AxisPlace>;
  readonly #axes = new Map<string, GraphValue>();
  readonly #made = new Map<string, GraphValue>();

  /** @param places - where each named axis is */
  constructor(graph: Graph, places: ReadonlyMap<string, AxisPlace>) {
    this.#graph = graph;
    this.#places = places;
  }

  /** The named axes that are used, by their names in the graph. */
  get axisNames(): ReadonlyMap<string, string> {
    return new Map([...this.#axes].map(([axis, { name }]) => [name, axis]));
  }

  /** int64 `[formulas]` */
  vector(formulas: readonly SizeFormula[]): GraphValue {
    return this.#once(formulas.join(), () => {
      const parts = parted(formulas).map((part) => this.#part(part));
      if (parts.length === 1) return parts[0]!;
      const type = { shape: [formulas.length], dtype: "int64" } as const;
      return this.#graph.node("Concat", parts, type, { attributes: { axis: 0 } });
    });
  }

  /** `[]` of another element type. */
  scalar(formula: SizeFormula, dtype: DType): GraphValue {
    const value = castTo(this.#graph, this.vector([formula]), dtype);
    return this.#graph.node("Squeeze", [value, this.#graph.integers([0])], { shape: [], dtype });
  }

  /** 1 / formula, float32 `[]`. */
  reciprocal(formula: SizeFormula): GraphValue {
    const divisor = this.scalar(formula, "float32");
    return this.#graph.node("Reciprocal", [divisor], divisor);
  }

  // int64 [formulas]: one that follows from the sizes, or several that do not
  #part(formulas: readonly SizeFormula[]): GraphValue {
    const constants = formulas.map(({ constant }) => constant);
    if (constants.every((value) => value !== undefined)) return this.#graph.integers(constants);
    return formulas[0]!.terms
      .map((term) => this.#term(term))
      .reduce((sum, term) => this.#node("Add", sum, term));
  }

  #term({ factor, names }: Term): GraphValue {
    const axes = names.map((name) => this.#axis(name));
    const factors = factor === 1 && axes.length > 0 ? [] : [this.#graph.integers([factor])];
    return [...axes, ...factors].reduce((product, each) => this.#node("Mul", product, each));
  }

  #axis(name: string): GraphValue {
    const known = this.#axes.get(name);
    if (known) return known;
    const { input, axis } = this.#places.get(name)!;
    const attributes = { start: axis, end: axis + 1 };
    const length = this.#graph.node("Shape", [input], ONE, { attributes });
    this.#axes.set(name, length);
    return length;
  }

  #once(text: string, make: () => GraphValue): GraphValue {
    const value = this.#made.get(text) ?? make();
    this.#made.set(text, value);
    return value;
  }

  #node(operator: string, a: GraphValue, b: GraphValue): GraphValue {
    return this.#graph.node(operator, [a, b], ONE);
  }
}

// Neighbours that are plain numbers stay together, as one constant.
function parted(formulas: readonly SizeFormula[]): SizeFormula[][] {
  const parts: SizeFormula[][] = [];
  for (const formula of formulas) {
    const isNumber = ({ constant }: SizeFormula): boolean => constant !== undefined;
    const last = parts.at(-1);
    if (last && isNumber(last[0]!) && isNumber(formula)) last.push(formula);
    else parts.push([formula]);
  }
  return parts;
}
