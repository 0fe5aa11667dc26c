// Primitives that move elements as ONNX nodes: reshape, transpose, slice, concat, pad, expand, and rows by number.
import type { DType } from "../../../dtype.ts";
import { sameShape, type Shape, sizeOf } from "../../../shape.ts";
import type { SliceRange } from "../../backend.ts";
import type { Graph, GraphValue } from "../graph.ts";
import { castTo } from "./choices.ts";

/** An end that lies before element 0, whatever the axis: -1 would mean the last element. */
const BEFORE_THE_START = -(2 ** 31);

/** Tables of up to so many rows are written as a product with one-hot rows. */
const SMALL_TABLE = 512;

/** same elements in the same order */
export function reshape(graph: Graph, x: GraphValue, shape: Shape): GraphValue {
  // Whether there is something to do follows from the shapes.
  if (graph.family === "cpu" && sameShape(x.shape, shape)) return x;
  return graph.node("Reshape", [x, graph.integers(shape)], { shape, dtype: x.dtype });
}

/** axis `i` of the result is axis `permutation[i]` of `x` */
export function transpose(graph: Graph, x: GraphValue, permutation: readonly number[]): GraphValue {
  const shape = permutation.map((axis) => x.shape[axis]!);
  return graph.node(
    "Transpose",
    [x],
    { shape, dtype: x.dtype },
    { attributes: { perm: permutation } },
  );
}

/** one range for every axis */
export function slice(graph: Graph, x: GraphValue, ranges: readonly SliceRange[]): GraphValue {
  const shape = ranges.map(({ size }) => size);
  const stop = ({ start, size, step }: SliceRange): number => {
    const end = start + size * step;
    return end < 0 ? BEFORE_THE_START : end;
  };
  const places = [
    ranges.map(({ start }) => start),
    ranges.map(stop),
    ranges.map((_, axis) => axis),
    ranges.map(({ step }) => step),
  ];
  const inputs = [x, ...places.map((values) => graph.integers(values))];
  return graph.node("Slice", inputs, { shape, dtype: x.dtype });
}

/** arrays that agree in all axes but `axis` */
export function concat(graph: Graph, parts: readonly GraphValue[], axis: number): GraphValue {
  const [first] = parts as [GraphValue];
  const length = parts.reduce((sum, part) => sum + part.shape[axis]!, 0);
  const shape = first.shape.with(axis, length);
  return graph.node("Concat", parts, { shape, dtype: first.dtype }, { attributes: { axis } });
}

/** `[before, after]` elements of `value` around every axis */
export function pad(
  graph: Graph,
  x: GraphValue,
  widths: readonly (readonly [number, number])[],
  value: number,
): GraphValue {
  const shape = x.shape.map((length, axis) => length + widths[axis]![0] + widths[axis]![1]);
  const edges = [...widths.map(([before]) => before), ...widths.map(([, after]) => after)];
  const fill = castTo(graph, graph.scalar(value), x.dtype);
  return graph.node("Pad", [x, graph.integers(edges), fill], { shape, dtype: x.dtype });
}

/** repeats axes of length 1, and adds axes in front */
export function expand(graph: Graph, x: GraphValue, shape: Shape): GraphValue {
  return graph.node("Expand", [x, graph.integers(shape)], { shape, dtype: x.dtype });
}

/** `[rows, ...rest]`, index `[...index]` `-> [...index, ...rest]` */
export function gather(graph: Graph, x: GraphValue, index: GraphValue): GraphValue {
  const shape = [...index.shape, ...x.shape.slice(1)];
  const counted = countedFromStart(graph, index, x.shape[0]!);
  return graph.node("Gather", [x, counted], { shape, dtype: x.dtype }, { attributes: { axis: 0 } });
}

// ONNX counts negative positions from the end. Here they are mistakes, and as large positions they are told as such.
function countedFromStart(graph: Graph, index: GraphValue, rows: number): GraphValue {
  const whole = (value: number): GraphValue =>
    graph.constant(Int32Array.of(value), { shape: [], dtype: "int32" });
  const isNegative = graph.node("Less", [index, whole(0)], { shape: index.shape, dtype: "bool" });
  return graph.node("Where", [isNegative, whole(rows), index], index);
}

/**
 * index `[...index]`, updates `[...index, ...rest]` `-> [rows, ...rest]`
 *
 * ScatterND with reduction "add" loses updates of repeated rows when more than one thread runs, so it is not used.
 */
export function scatterAdd(
  graph: Graph,
  index: GraphValue,
  updates: GraphValue,
  rows: number,
): GraphValue {
  const count = sizeOf(index.shape);
  const rest = updates.shape.slice(index.shape.length);
  const width = sizeOf(rest);
  const flat = reshape(graph, updates, [count, width]);
  const chosen = reshape(graph, index, [count]);
  const isProduct = rows <= SMALL_TABLE && updates.dtype === "float32";
  const table = isProduct
    ? oneHotProduct(graph, chosen, flat, rows)
    : scatterElements(graph, chosen, flat, rows);
  return reshape(graph, table, [rows, ...rest]);
}

function oneHotProduct(
  graph: Graph,
  index: GraphValue,
  rowsOf: GraphValue,
  rows: number,
): GraphValue {
  const hot = transpose(graph, oneHot(graph, index, rows, "float32"), [1, 0]); // [rows, count]
  const shape = [rows, rowsOf.shape[1]!];
  return graph.node("MatMul", [hot, rowsOf], { shape, dtype: rowsOf.dtype });
}

function scatterElements(
  graph: Graph,
  index: GraphValue,
  updates: GraphValue,
  rows: number,
): GraphValue {
  const [count, width] = updates.shape as [number, number];
  const shape = [rows, width];
  const zero = castTo(graph, graph.scalar(0), updates.dtype);
  const counted = countedFromStart(graph, index, rows);
  const positions = expand(graph, reshape(graph, counted, [count, 1]), [count, width]);
  return graph.node(
    "ScatterElements",
    [expand(graph, zero, shape), positions, updates],
    { shape, dtype: updates.dtype },
    { attributes: { axis: 0, reduction: "add" } },
  );
}

/** `[...index]` of `int32` `-> [...index, classes]` of `dtype`: rows of an identity matrix */
export function oneHot(graph: Graph, index: GraphValue, classes: number, dtype: DType): GraphValue {
  const identity = new Float32Array(classes * classes);
  for (let i = 0; i < classes; i++) identity[i * (classes + 1)] = 1;
  const table = graph.constant(identity, { shape: [classes, classes], dtype: "float32" });
  const rows = gather(graph, table, index);
  return dtype === "float32" ? rows : castTo(graph, rows, dtype);
}
