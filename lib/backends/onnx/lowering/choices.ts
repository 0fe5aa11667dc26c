// Comparisons, choices and conversions as ONNX nodes.
import type { DType } from "../../../dtype.ts";
import { broadcastShapes, type Shape } from "../../../shape.ts";
import type { CompareName } from "../../backend.ts";
import type { Graph, GraphValue } from "../graph.ts";
import { type GraphDType, TYPE_NUMBERS } from "../graph-contents.ts";

const COMPARE: Readonly<Record<CompareName, string>> = {
  equal: "Equal",
  greater: "Greater",
  less: "Less",
};

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
  if (x.dtype !== "float32" || dtype !== "int32") return castTo(graph, x, dtype);
  // What the processor makes of a number that int32 does not hold depends on its kind.
  const size = graph.node("Abs", [x], x);
  const fits = graph.node("Less", [size, graph.scalar(2 ** 31)], { shape: x.shape, dtype: "bool" });
  return castTo(graph, graph.node("Where", [fits, x, graph.scalar(-(2 ** 31))], x), dtype);
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
