// One constant as several recordings have it, and how its numbers follow from their sizes.
import type { Graph } from "../../backends/onnx/graph.ts";
import type { Initializer } from "../../backends/onnx/graph-contents.ts";
import type { Sizes } from "./axes.ts";
import type { SizeArithmetic } from "./size-arithmetic.ts";
import { SizeFormula } from "./size-formula.ts";

/** One constant as it was recorded with each of the sizes. */
export interface Versions {
  readonly names: readonly string[];
  readonly sizes: readonly Sizes[];
  /** The same constant, once for each of the sizes. */
  readonly constants: readonly Initializer[];
}

/** Where nodes go that compute a constant. */
export interface Target {
  readonly graph: Graph;
  readonly arithmetic: SizeArithmetic;
}

/** The first place of a constant whose number passes a test, or -1. */
export function placeWhere(
  { data }: Initializer,
  test: (value: number, index: number) => boolean,
): number {
  for (let index = 0; index < data.length; index++) {
    if (test(Number(data[index]), index)) return index;
  }
  return -1;
}

/** How the axes of a constant follow from the sizes; undefined where one does not. */
export function shapeFormulas({ names, sizes, constants }: Versions): SizeFormula[] | undefined {
  const [{ shape }] = constants as [Initializer];
  if (!constants.every((each) => each.shape.length === shape.length)) return undefined;
  return allThrough(
    shape.map((_, axis) => constants.map((each) => each.shape[axis]!)),
    { names, sizes },
  );
}

/** A formula for each column, a column being one number at each of the sizes; undefined where one has none. */
export function allThrough(
  columns: readonly (readonly number[])[],
  { names, sizes }: Pick<Versions, "names" | "sizes">,
): SizeFormula[] | undefined {
  const formulas = columns.map((values) => SizeFormula.through({ names, sizes, values }));
  return formulas.every((formula) => formula !== undefined) ? formulas : undefined;
}
