// Constants that follow from sizes: single numbers, lists of them, and arrays that hold one number everywhere.
import type { GraphValue } from "../../backends/onnx/graph.ts";
import type { Initializer } from "../../backends/onnx/graph-contents.ts";
import { castTo } from "../../backends/onnx/lowering/choices.ts";
import type { DType } from "../../dtype.ts";
import { sameShape } from "../../shape.ts";
import { counted, triangle } from "./counted-constants.ts";
import type { SizeArithmetic } from "./size-arithmetic.ts";
import { SizeFormula } from "./size-formula.ts";
import { allThrough, placeWhere, shapeFormulas, type Target, type Versions } from "./versions.ts";

/** Adds nodes that compute a constant, or finds that it is none of its kind. */
type Kind = (target: Target, versions: Versions) => GraphValue | undefined;

/** So many numbers are computed one by one. */
const MOST_NUMBERS = 64;

const KINDS: readonly Kind[] = [scalar, list, filled, counted, triangle];

/** Nodes that compute a constant of any shape for all sizes; undefined where it follows from them in another way. */
export function computedConstant(target: Target, versions: Versions): GraphValue | undefined {
  const [{ dtype }] = versions.constants as [Initializer];
  if (versions.constants.some((each) => each.dtype !== dtype)) return undefined;
  for (const kind of KINDS) {
    const value = kind(target, versions);
    if (value) return value;
  }
  return undefined;
}

function scalar({ arithmetic }: Target, versions: Versions): GraphValue | undefined {
  const [{ shape, dtype }] = versions.constants as [Initializer];
  if (shape.length > 0) return undefined;
  const values = versions.constants.map(({ data }) => Number(data[0]!));
  return scalarThrough(arithmetic, { ...versions, values, dtype: dtype as DType });
}

// Sizes, products of them, positions: Reshape, Slice and Expand take such lists.
function list({ graph, arithmetic }: Target, versions: Versions): GraphValue | undefined {
  const { constants } = versions;
  const [{ shape, dtype, data }] = constants as [Initializer];
  if (shape.length === 0 || data.length > MOST_NUMBERS || dtype === "bool") return undefined;
  if (!constants.every((each) => sameShape(each.shape, shape))) return undefined;
  const columns = Array.from({ length: data.length }, (_, index) =>
    constants.map((each) => Number(each.data[index])),
  );
  const formulas = allThrough(columns, versions);
  if (!formulas) return undefined;
  const whole = arithmetic.vector(formulas);
  const vector = dtype === "int64" ? whole : castTo(graph, whole, dtype);
  if (shape.length === 1) return vector;
  return graph.node("Reshape", [vector, graph.integers(shape)], { shape, dtype });
}

// One number everywhere, in a shape that follows from the sizes.
function filled({ graph, arithmetic }: Target, versions: Versions): GraphValue | undefined {
  const { constants } = versions;
  const [{ data, dtype, shape }] = constants as [Initializer];
  const axes = shapeFormulas(versions);
  const values = constants.map((each) => Number(each.data[0]));
  const isUniform = (each: Initializer, index: number): boolean =>
    placeWhere(each, (value) => value !== values[index]) === -1;
  if (!axes || !constants.every(isUniform)) return undefined;
  const value = values.every((each) => each === values[0])
    ? graph.constant(data.slice(0, 1), { shape: [], dtype })
    : scalarThrough(arithmetic, { ...versions, values, dtype: dtype as DType });
  return value && graph.node("Expand", [value, arithmetic.vector(axes)], { shape, dtype });
}

interface Scalars extends Pick<Versions, "names" | "sizes"> {
  readonly values: readonly number[];
  readonly dtype: DType;
}

// What follows from sizes, or 1 / that, as a mean has it.
function scalarThrough(arithmetic: SizeArithmetic, scalars: Scalars): GraphValue | undefined {
  const { values, dtype } = scalars;
  if (dtype === "bool") return undefined;
  const formula = SizeFormula.through(scalars);
  if (formula) return arithmetic.scalar(formula, dtype);
  const inverse = values.map((value) => Math.round(1 / value));
  const isExact = values.every((value, index) => value === Math.fround(1 / inverse[index]!));
  const divisor = isExact ? SizeFormula.through({ ...scalars, values: inverse }) : undefined;
  return divisor && arithmetic.reciprocal(divisor);
}
