// Reductions and softmax as ONNX nodes.
import { reducedShape, sizeOf } from "../../../shape.ts";
import type { ReduceName, ReduceOptions } from "../../backend.ts";
import type { Graph, GraphValue } from "../graph.ts";
import { castTo } from "./choices.ts";
import { reduceInBlocks } from "./global-means.ts";

const REDUCE: Readonly<Record<ReduceName, string>> = {
  sum: "ReduceSum",
  mean: "ReduceMean",
  max: "ReduceMax",
};

/** reduced axes vanish, or stay with length 1 */
export function reduce(
  graph: Graph,
  name: ReduceName,
  x: GraphValue,
  { axes, keepDims }: ReduceOptions,
): GraphValue {
  const shape = reducedShape(x.shape, axes, keepDims);
  const inBlocks = reduceInBlocks(graph, name, x, { axes, keepDims });
  if (inBlocks) return reshaped(graph, inBlocks, shape);
  const isColumnSum = name === "sum" && x.shape.length === 2 && axes.join() === "0";
  if (isColumnSum && x.dtype === "float32" && graph.family === "cpu") {
    return columnSums(graph, x, shape);
  }
  if (name === "max" && x.dtype === "float32") return maxWithNaN(graph, x, { axes, keepDims });
  const source = axes.length === x.shape.length ? inStages(graph, name, x) : x;
  const all = source === x ? axes : [0];
  const sums = nodeOver(graph, name, source, { axes: all, keepDims: keepDims && source === x });
  return source === x || !keepDims ? sums : reshaped(graph, sums, shape);
}

function nodeOver(
  graph: Graph,
  name: ReduceName,
  x: GraphValue,
  { axes, keepDims }: ReduceOptions,
): GraphValue {
  const type = { shape: reducedShape(x.shape, axes, keepDims), dtype: x.dtype };
  const attributes = { keepdims: Number(keepDims) };
  return graph.node(REDUCE[name], [x, graph.integers(axes)], type, { attributes });
}

/** Sums of up to so many float32 numbers lose less than one digit in ten thousand. */
const LONGEST_SUM = 1024;

// One long float32 sum loses the small numbers that are added to a large one; rows first, it keeps them: `[rows]`.
function inStages(graph: Graph, name: ReduceName, x: GraphValue): GraphValue {
  const length = sizeOf(x.shape);
  const isShort = length <= LONGEST_SUM || x.dtype !== "float32";
  if (isShort || graph.family === "standard") return x;
  let width = Math.floor(Math.sqrt(length));
  while (length % width !== 0) width--;
  const rows = reshaped(graph, x, [length / width, width]);
  return nodeOver(graph, name, rows, { axes: [1], keepDims: false });
}

// ONNX Runtime passes over NaN; here the largest of numbers with a NaN among them is NaN.
function maxWithNaN(graph: Graph, x: GraphValue, options: ReduceOptions): GraphValue {
  const largest = nodeOver(graph, "max", x, options);
  const broken = castTo(
    graph,
    graph.node("IsNaN", [x], { shape: x.shape, dtype: "bool" }),
    "float32",
  );
  const isBroken = castTo(graph, nodeOver(graph, "max", broken, options), "bool");
  return graph.node("Where", [isBroken, graph.scalar(NaN), largest], largest);
}

const reshaped = (graph: Graph, x: GraphValue, shape: readonly number[]): GraphValue =>
  graph.node("Reshape", [x, graph.integers(shape)], { shape, dtype: x.dtype });

// A row of ones times the matrix: the product is faster than the reduction, which walks columns.
function columnSums(graph: Graph, x: GraphValue, shape: readonly number[]): GraphValue {
  const [rows, columns] = x.shape as [number, number];
  const ones = graph.constant(new Float32Array(rows).fill(1), {
    shape: [1, rows],
    dtype: "float32",
  });
  const sums = graph.node("MatMul", [ones, x], { shape: [1, columns], dtype: x.dtype });
  return shape.length === 2 ? sums : reshaped(graph, sums, shape);
}

/** `[..., n, ...] -> [..., ...]` of `int32`; the first of equals, and NaN before all */
export function argMax(graph: Graph, input: GraphValue, axis: number): GraphValue {
  const x = input.dtype === "float32" ? nanAsLargest(graph, input) : input;
  const shape = reducedShape(x.shape, [axis], false);
  const attributes = { axis, keepdims: 0, select_last_index: 0 };
  return castTo(
    graph,
    graph.node("ArgMax", [x], { shape, dtype: "int64" }, { attributes }),
    "int32",
  );
}

function nanAsLargest(graph: Graph, x: GraphValue): GraphValue {
  const isNaN = graph.node("IsNaN", [x], { shape: x.shape, dtype: "bool" });
  return graph.node("Where", [isNaN, graph.scalar(Infinity), x], x);
}

/** `[..., classes] -> [..., classes]`, along the last axis */
export function softmax(graph: Graph, x: GraphValue): GraphValue {
  return graph.node("Softmax", [x], x, { attributes: { axis: -1 } });
}

/** `[..., classes] -> [..., classes]`, along the last axis */
export function logSoftmax(graph: Graph, x: GraphValue): GraphValue {
  return graph.node("LogSoftmax", [x], x, { attributes: { axis: -1 } });
}
