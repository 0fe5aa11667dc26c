// Element-by-element primitives as ONNX nodes.
import type { DType } from "../../../dtype.ts";
import { broadcastShapes, type Shape } from "../../../shape.ts";
import type { BinaryName, CompareName, UnaryName } from "../../backend.ts";
import { type Graph, type GraphDType, type GraphValue, TYPE_NUMBERS } from "../graph.ts";

const UNARY: Readonly<Record<Exclude<UnaryName, "reluMask">, string>> = {
  neg: "Neg",
  exp: "Exp",
  log: "Log",
  sqrt: "Sqrt",
  abs: "Abs",
  reciprocal: "Reciprocal",
  tanh: "Tanh",
  sigmoid: "Sigmoid",
  erf: "Erf",
  relu: "Relu",
};

const BINARY: Readonly<Record<BinaryName, string>> = {
  add: "Add",
  sub: "Sub",
  mul: "Mul",
  div: "Div",
  maximum: "Max",
  minimum: "Min",
};

const COMPARE: Readonly<Record<CompareName, string>> = {
  equal: "Equal",
  greater: "Greater",
  less: "Less",
};

/** A float32 that makes every normal number reach 1: the smallest is 1.2e-38. */
const STEEP = 3e38;

/** any shape `-> same shape` */
export function unary(graph: Graph, name: UnaryName, x: GraphValue): GraphValue {
  if (name !== "reluMask") return graph.node(UNARY[name], [x], x);
  // A steep slope cut off at 0 and 1: faster on a CPU than a comparison and a choice.
  const steep = graph.node("Mul", [x, graph.scalar(STEEP)], x);
  return graph.node("Clip", [steep, graph.scalar(0), graph.scalar(1)], x);
}

/** broadcast(a, b) */
export function binary(graph: Graph, name: BinaryName, a: GraphValue, b: GraphValue): GraphValue {
  return graph.node(BINARY[name], [a, b], { shape: joined(a, b), dtype: a.dtype });
}

/** broadcast(a, b) `-> bool` */
export function compare(graph: Graph, name: CompareName, a: GraphValue, b: GraphValue): GraphValue {
  return graph.node(COMPARE[name], [a, b], { shape: joined(a, b), dtype: "bool" });
}

/** broadcast(condition, a, b) */
export function where(
  graph: Graph,
  condition: GraphValue,
  a: GraphValue,
  b: GraphValue,
): GraphValue {
  const shape = broadcastShapes(condition.shape, joined(a, b))!;
  if (a.dtype !== "bool") return graph.node("Where", [condition, a, b], { shape, dtype: a.dtype });
  // ONNX Runtime chooses between numbers only.
  const [left, right] = [castTo(graph, a, "uint8"), castTo(graph, b, "uint8")];
  return castTo(
    graph,
    graph.node("Where", [condition, left, right], { shape, dtype: "uint8" }),
    "bool",
  );
}

/** same shape, other element type */
export function cast(graph: Graph, x: GraphValue, dtype: DType): GraphValue {
  return castTo(graph, x, dtype);
}

/** Cast to any type of a graph, `[...]` to the same shape. */
export function castTo(graph: Graph, x: GraphValue, dtype: GraphDType): GraphValue {
  return graph.node(
    "Cast",
    [x],
    { shape: x.shape, dtype },
    { attributes: { to: TYPE_NUMBERS[dtype] } },
  );
}

const joined = (a: GraphValue, b: GraphValue): Shape => broadcastShapes(a.shape, b.shape)!;
