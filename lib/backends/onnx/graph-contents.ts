// What a graph is made of, as it is written to a file: nodes, what goes in and comes out, and numbers.
import type { DType, TypedArray } from "../../dtype.ts";
import type { Shape } from "../../shape.ts";

/** Element types of a graph: those of tensors, and others that never leave it. */
export type GraphDType = DType | "int64" | "uint8" | "bfloat16";

/** Numbers of element types, in the file and in `Cast`. */
export const TYPE_NUMBERS: Readonly<Record<GraphDType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
  bfloat16: 16,
};

/** Shape and element type of a value. */
export interface ValueType {
  readonly shape: Shape;
  readonly dtype: GraphDType;
}

type Numbers = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** Numbers that are part of the model. */
export interface Initializer extends ValueType {
  readonly name: string;
  readonly data: Numbers;
}

/** Numbers as a text by which the same ones are found again: -0 is not 0, because 1 / -0 is not 1 / 0. */
export function numbersText(data: Numbers): string {
  const text = (number: number | bigint): string => (Object.is(number, -0) ? "-0" : String(number));
  return Array.from<number | bigint, string>(data, text).join();
}

/** Numbers that a model reads and that are no part of it: the input `name`, of any shape. */
export interface HandedIn {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: TypedArray;
}

/** Length of an axis: a number, or the name of one that is known when the graph runs, "" where it has none. */
export type Length = number | string;

/** What goes into a graph or comes out of it. */
export interface Port<Axis extends Length = number> {
  readonly name: string;
  readonly shape: readonly Axis[];
  readonly dtype: GraphDType;
}

/** What a graph is made of, in the order in which it was added. */
export interface GraphContents<Axis extends Length = number> {
  readonly nodes: readonly Node[];
  readonly inputs: readonly Port<Axis>[];
  readonly outputs: readonly Port<Axis>[];
  readonly initializers: readonly Initializer[];
}

/** A graph that a node runs. */
export interface Subgraph {
  readonly contents: GraphContents<Length>;
}

/** Settings of a node: whole numbers, lists of them, text, `{ float }`, and graphs that it runs. */
export type Attribute = number | readonly number[] | string | { readonly float: number } | Subgraph;

/** Whether a setting is a graph. */
export const isGraph = (attribute: Attribute): attribute is Subgraph =>
  typeof attribute === "object" && "contents" in attribute;

/** One node: an operator with its inputs, outputs and settings. */
export interface Node {
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** What errors of the node say that it is. */
  readonly label: string;
}
