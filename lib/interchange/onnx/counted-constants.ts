// Constants that count as far as the sizes say: positions one after the other, and triangles of what was before.
import type { Graph, GraphValue } from "../../backends/onnx/graph.ts";
import type { Initializer } from "../../backends/onnx/graph-contents.ts";
import { allocate, type DType } from "../../dtype.ts";
import type { SizeFormula } from "./size-formula.ts";
import { placeWhere, shapeFormulas, type Target, type Versions } from "./versions.ts";

/** `[count]`: start, start + step, start + 2 * step ..., as many as the sizes say. */
export function counted(target: Target, versions: Versions): GraphValue | undefined {
  const { constants } = versions;
  const [{ data, dtype, shape }] = constants as [Initializer];
  if (shape.length !== 1 || (dtype !== "int32" && dtype !== "float32")) return undefined;
  const [start, second] = [Number(data[0]), Number(data[1])];
  const step = second - start;
  const count = shapeFormulas(versions)?.[0];
  if (!count || ![start, step].every(Number.isSafeInteger) || step === 0) return undefined;
  const isCount = (each: Initializer): boolean =>
    placeWhere(each, (value, index) => value !== start + index * step) === -1;
  if (!constants.every(isCount)) return undefined;
  return range(target, { start, step, end: count.times(step).plus(start), dtype });
}

/**
 * `[rows, columns]`: one number from the first column up to a diagonal and another one behind it, such as what a
 * position may look at.
 */
export function triangle(target: Target, versions: Versions): GraphValue | undefined {
  const { graph } = target;
  const { constants } = versions;
  const [first] = constants as [Initializer];
  const { data, dtype, shape } = first;
  const [rows, columns] = (shape.length === 2 ? shapeFormulas(versions) : undefined) ?? [];
  const end = placeWhere(first, (value) => value !== Number(data[0]));
  if (!rows || !columns || end < 1) return undefined;
  const [before, behind] = [Number(data[0]), Number(data[end])];
  // Row r has as many of the first number as row 0, and r more.
  const isTriangle = (each: Initializer): boolean => {
    const width = each.shape[1]!;
    const isOther = (value: number, index: number): boolean =>
      value !== (index % width < Math.floor(index / width) + end ? before : behind);
    return placeWhere(each, isOther) === -1;
  };
  if (!constants.every(isTriangle)) return undefined;
  const ends = range(target, { start: end, step: 1, end: rows.plus(end), dtype: "int32" });
  const places = range(target, { start: 0, step: 1, end: columns, dtype: "int32" });
  const column = { shape: [shape[0]!, 1], dtype: "int32" } as const;
  const isBefore = graph.node(
    "Less",
    [places, graph.node("Unsqueeze", [ends, graph.integers([1])], column)],
    { shape, dtype: "bool" },
  );
  if (dtype === "bool") {
    return before === 1 ? isBefore : graph.node("Not", [isBefore], { shape, dtype });
  }
  const number = (at: number): GraphValue =>
    graph.constant(data.slice(at, at + 1), { shape: [], dtype });
  return graph.node("Where", [isBefore, number(0), number(end)], { shape, dtype });
}

interface Count {
  readonly start: number;
  readonly step: number;
  /** Not reached. */
  readonly end: SizeFormula;
  readonly dtype: DType;
}

function range({ graph, arithmetic }: Target, { start, step, end, dtype }: Count): GraphValue {
  const [from, by] = [scalar(graph, start, dtype), scalar(graph, step, dtype)];
  return graph.node("Range", [from, arithmetic.scalar(end, dtype), by], { shape: [1], dtype });
}

function scalar(graph: Graph, value: number, dtype: DType): GraphValue {
  const data = allocate(dtype, 1);
  data[0] = value;
  return graph.constant(data, { shape: [], dtype });
}
