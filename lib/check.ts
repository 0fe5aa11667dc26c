// The only place that words messages about shapes, axes and element types: who expects what; what came; the fix.
import { type DType, DTYPES, isFloat } from "./dtype.ts";
import { ArgumentError, DTypeError, ShapeError } from "./errors.ts";
import { broadcastShapes, sameShape, type Shape, shapeText, sizeOf } from "./shape.ts";

/** What a check needs to know about a tensor. */
export interface Described {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** What must be a tensor is one: cells run without a type check. */
export function checkTensor(op: string, x: unknown): void {
  const { shape, dtype } = (x ?? {}) as Partial<Described>;
  if (Array.isArray(shape) && dtype !== undefined) return;
  const fix =
    Array.isArray(x) || typeof x === "number"
      ? "Make a tensor of it first: tensor(...)."
      : "Check where the value comes from.";
  throw new ArgumentError(`${op}: expects a tensor, got ${kindOf(x)}. ${fix}`);
}

/** What must be a list is one, and not its only entry. */
export function checkList(op: string, argument: string, value: unknown): void {
  if (Array.isArray(value)) return;
  throw new ArgumentError(
    `${op}: ${argument} must be a list, got ${kindOf(value)}. Put what belongs to it in brackets: [...].`,
  );
}

/** A value that is not what was expected, in a few words. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "function") return value.name === "" ? "a function" : value.name;
  if (typeof value === "number") return String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? String(value);
  const name = value.constructor?.name ?? "Object";
  return name === "Object" ? "an object" : `a value of class ${name}`;
}

/** Every axis must be a whole number from 1 on. */
export function checkShape(op: string, shape: Shape): void {
  checkList(op, "the shape", shape);
  if (shape.every((length) => Number.isSafeInteger(length) && length >= 1)) return;
  throw new ShapeError(
    `${op}: every axis must be a whole number from 1 on, got ${shapeText(shape)}. ` +
      "A tensor holds at least one element; leave an axis out rather than giving it length 0.",
  );
}

/** A typed array or list must hold exactly the elements of the shape. */
export function checkSize(op: string, count: number, shape: Shape): void {
  if (count === sizeOf(shape)) return;
  throw new ShapeError(
    `${op}: shape ${shapeText(shape)} needs ${sizeOf(shape)} elements, got ${count}. ` +
      "Make the product of the axes equal to the number of elements.",
  );
}

/** Rows of nested arrays must be alike: `expected` and `actual` are lengths, undefined for a single element. */
export function checkRow(
  path: readonly number[],
  expected: number | undefined,
  actual: number | undefined,
): void {
  if (actual === expected) return;
  const text = (length: number | undefined): string =>
    length === undefined ? "a single element" : `an array of ${length}`;
  throw new ShapeError(
    `tensor: all rows must have the same length, so entry ${shapeText(path)} should be ` +
      `${text(expected)}, got ${text(actual)}. Fill up the short rows, or make several tensors.`,
  );
}

/** Only a tensor of one element is a number. */
export function checkSingle(shape: Shape): void {
  if (sizeOf(shape) === 1) return;
  throw new ShapeError(
    `item: expects a tensor of one element, got shape ${shapeText(shape)}. ` +
      "Use toArray() for all elements, or reduce it first, for example with mean(x).",
  );
}

/** The name of an element type must be one of the four. */
export function checkDType(op: string, dtype: string): void {
  if (DTYPES.some((known) => known === dtype)) return;
  throw new DTypeError(
    `${op}: dtype must be one of ${DTYPES.join(", ")}, got ${dtype}. ` +
      "Use float32 for weights and activations, int32 for labels.",
  );
}

/** The element type must hold fractions. */
export function checkFloat(op: string, x: Described): void {
  checkTensor(op, x);
  if (isFloat(x.dtype)) return;
  throw new DTypeError(
    `${op}: expects float32 or float64, got ${x.dtype} of shape ${shapeText(x.shape)}. ` +
      `Convert it first: ${op}(cast(x, "float32")).`,
  );
}

/** The element type must be a number, so that it can be computed with. */
export function checkNumeric(op: string, x: Described): void {
  checkTensor(op, x);
  if (x.dtype !== "bool") return;
  throw new DTypeError(
    `${op}: expects numbers, got bool of shape ${shapeText(x.shape)}. ` +
      `Convert it first: cast(x, "float32") makes 1 of true and 0 of false.`,
  );
}

/** The element type must be one certain type. */
export function checkDTypeIs(op: string, argument: string, x: Described, dtype: DType): void {
  checkTensor(op, x);
  if (x.dtype === dtype) return;
  throw new DTypeError(
    `${op}: ${argument} must be ${dtype}, got ${x.dtype} of shape ${shapeText(x.shape)}. ` +
      `Convert it first: cast(${argument}, "${dtype}").`,
  );
}

/** Both operands must have one element type; nothing is converted silently. */
export function checkSameDType(op: string, a: Described, b: Described): void {
  checkTensor(op, a);
  checkTensor(op, b);
  if (a.dtype === b.dtype) return;
  const wider = a.dtype === "float64" || b.dtype === "float64" ? "float64" : "float32";
  throw new DTypeError(
    `${op}: both operands must have the same dtype, got ${a.dtype} and ${b.dtype}. ` +
      `Convert one of them, for example with cast(x, "${wider}").`,
  );
}

/**
 * The shape that both operands broadcast to.
 *
 * @throws {ShapeError} naming the first axis, from the back, that does not fit
 */
export function checkBroadcast(op: string, a: Shape, b: Shape): number[] {
  const result = broadcastShapes(a, b);
  if (result !== undefined) return result;
  let axis = -1;
  while (a.at(axis) === b.at(axis) || a.at(axis) === 1 || b.at(axis) === 1) axis--;
  throw new ShapeError(
    `${op}: from the last axis backwards, sizes must be equal or 1, got ${shapeText(a)} and ` +
      `${shapeText(b)}: axis ${axis} is ${a.at(axis)} against ${b.at(axis)}. ` +
      "Reshape one of them so that the axes line up; an axis of length 1 repeats itself.",
  );
}

/** The axis as a number from 0 on; negative ones count from the end. */
export function checkAxis(op: string, axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(resolved) && resolved >= 0 && resolved < rank) return resolved;
  const fix =
    rank === 0
      ? "A scalar has no axes: reshape it to [1] first."
      : `Use a whole number from ${-rank} to ${rank - 1}.`;
  throw new ShapeError(`${op}: axis must exist in a tensor of rank ${rank}, got ${axis}. ${fix}`);
}

/** Axes as ascending numbers from 0 on; all of them when none is named. */
export function checkAxes(op: string, axes: readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  checkList(op, "axes", axes);
  const resolved = axes.map((axis) => checkAxis(op, axis, rank)).sort((a, b) => a - b);
  if (new Set(resolved).size === resolved.length && resolved.length > 0) return resolved;
  throw new ShapeError(
    `${op}: axes must name at least one axis and none twice, got [${axes.join(", ")}]. ` +
      "Leave axes out to take all of them.",
  );
}

/** The matrices of a product must share their inner axis, and their batch axes must broadcast. */
export function checkMatmul(
  a: Described,
  b: Described,
  flags: { readonly transposeA: boolean; readonly transposeB: boolean },
): void {
  checkFloat("matmul", a);
  checkSameDType("matmul", a, b);
  for (const { shape } of [a, b]) {
    if (shape.length >= 2) continue;
    throw new ShapeError(
      `matmul: both operands need at least two axes, got ${shapeText(a.shape)} and ` +
        `${shapeText(b.shape)}. Give a vector a second axis: reshape(x, [1, n]) for a row, ` +
        "reshape(x, [n, 1]) for a column.",
    );
  }
  const inner = a.shape.at(flags.transposeA ? -2 : -1);
  const other = b.shape.at(flags.transposeB ? -1 : -2);
  if (inner === other) {
    checkBroadcast("matmul (batch axes)", a.shape.slice(0, -2), b.shape.slice(0, -2));
    return;
  }
  const left = flags.transposeA ? "[..., k, m]" : "[..., m, k]";
  const right = flags.transposeB ? "[..., n, k]" : "[..., k, n]";
  throw new ShapeError(
    `matmul: expects ${left} x ${right} with one and the same k, got ${shapeText(a.shape)} x ` +
      `${shapeText(b.shape)}: k is ${inner} against ${other}. Check the order of the operands, ` +
      "or pass transposeA or transposeB.",
  );
}

/** Input, weight and bias of an affine map must agree in their features. */
export function checkAffine(x: Described, weight: Described, bias: Described): void {
  checkFloat("affine", x);
  checkSameDType("affine", x, weight);
  checkSameDType("affine", x, bias);
  const [inFeatures, outFeatures] = weight.shape;
  const fits =
    x.shape.length === 2 &&
    weight.shape.length === 2 &&
    x.shape[1] === inFeatures &&
    sameShape(bias.shape, [outFeatures ?? 0]);
  if (fits) return;
  const fix =
    x.shape.length === 2
      ? `Use a weight of shape [${x.shape[1]}, outFeatures] and a bias of shape [outFeatures].`
      : "Reshape the input to [batch, inFeatures] first.";
  throw new ShapeError(
    "affine: expects [batch, inFeatures] x [inFeatures, outFeatures] + [outFeatures], got " +
      `${shapeText(x.shape)} x ${shapeText(weight.shape)} + ${shapeText(bias.shape)}. ${fix}`,
  );
}

/** A new shape with as many elements; one axis may be -1 and takes what is left. */
export function checkReshape(from: Shape, to: Shape): number[] {
  const open = to.filter((length) => length === -1).length;
  const known = sizeOf(to.filter((length) => length !== -1));
  const rest = sizeOf(from) / known;
  const resolved = to.map((length) => (length === -1 ? rest : length));
  const whole = resolved.every((length) => Number.isSafeInteger(length) && length >= 1);
  if (open <= 1 && whole && sizeOf(resolved) === sizeOf(from)) return resolved;
  throw new ShapeError(
    `reshape: the new shape must hold the same ${sizeOf(from)} elements as ${shapeText(from)}, ` +
      `got ${shapeText(to)}. Change an axis, or let one axis be -1 to have it computed.`,
  );
}

/** Every axis of a tensor exactly once. */
export function checkPermutation(permutation: readonly number[], shape: Shape): number[] {
  const resolved = permutation.map((axis) => (axis < 0 ? axis + shape.length : axis));
  const sorted = [...resolved].sort((a, b) => a - b);
  if (sorted.length === shape.length && sorted.every((axis, i) => axis === i)) return resolved;
  throw new ShapeError(
    `transpose: the permutation must name each of the ${shape.length} axes of ` +
      `${shapeText(shape)} once, got [${permutation.join(", ")}]. ` +
      `For example [${shape.map((_, axis) => shape.length - 1 - axis).join(", ")}] reverses them.`,
  );
}

/** The target of a repetition: axes of length 1 may grow, new axes come in front. */
export function checkExpand(from: Shape, to: Shape): void {
  checkShape("expand", to);
  const result = broadcastShapes(from, to);
  if (result !== undefined && sameShape(result, to)) return;
  throw new ShapeError(
    `expand: only axes of length 1 can repeat, got ${shapeText(from)} to ${shapeText(to)}. ` +
      "Keep the other axes as they are, or reshape first to add an axis of length 1.",
  );
}

/** Parts must agree in element type, rank and every axis but the joined one. */
export function checkConcat(parts: readonly Described[], axis: number): void {
  const [first] = parts;
  for (const part of parts) {
    checkSameDType("concat", first!, part);
    const rest = (shape: Shape): Shape => shape.toSpliced(axis, 1);
    if (sameShape(rest(part.shape), rest(first!.shape))) continue;
    throw new ShapeError(
      `concat: all parts must agree in every axis but axis ${axis}, got ` +
        `${shapeText(first!.shape)} and ${shapeText(part.shape)}. ` +
        "Join along the axis that differs, or reshape the parts.",
    );
  }
}

/** As many ranges as the tensor has axes, or fewer. */
export function checkRangeCount(count: number, shape: Shape): void {
  if (count <= shape.length) return;
  throw new ShapeError(
    `slice: expects at most one range for each axis of ${shapeText(shape)}, got ${count} ranges. ` +
      "Leave the surplus ranges out.",
  );
}

/** Start, number and step of the elements that a range takes from an axis. */
export function checkRange(
  shape: Shape,
  axis: number,
  range: readonly [number, number, number?] | null,
): { start: number; size: number; step: number } {
  const length = shape[axis]!;
  if (range === null) return { start: 0, size: length, step: 1 };
  const [from, to, step = 1] = range;
  const clip = (at: number): number => Math.min(length, Math.max(0, at < 0 ? at + length : at));
  const start = clip(from);
  const size = Math.ceil((clip(to) - start) / step);
  if (step >= 1 && [start, size, step].every(Number.isSafeInteger) && size >= 1) {
    return { start, size, step };
  }
  throw new ShapeError(
    `slice: the range of axis ${axis} must take at least one of the ${length} elements, from ` +
      `start up to stop without stop, got [${range.join(", ")}]. ` +
      "Use whole numbers with start < stop and a step of at least 1; to go backwards use flip.",
  );
}

/** Pieces must fill the axis exactly. */
export function checkSplit(sizes: readonly number[], axis: number, shape: Shape): void {
  checkList("split", "sizes", sizes);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const whole = sizes.every((size) => Number.isSafeInteger(size) && size >= 1);
  if (whole && total === shape[axis]) return;
  throw new ShapeError(
    `split: the pieces must be whole numbers from 1 on that add up to ${shape[axis]}, the length ` +
      `of axis ${axis} of ${shapeText(shape)}, got [${sizes.join(", ")}] which makes ${total}. ` +
      "Change the sizes so that they fill the axis.",
  );
}

/** One pair of widths for every axis. */
export function checkPadding(widths: readonly (readonly [number, number])[], shape: Shape): void {
  const whole = widths.flat().every((width) => Number.isSafeInteger(width) && width >= 0);
  if (whole && widths.length === shape.length) return;
  throw new ShapeError(
    `pad: expects [before, after] as whole numbers from 0 on for each of the ${shape.length} ` +
      `axes of ${shapeText(shape)}, got ${JSON.stringify(widths)}. ` +
      "Write [0, 0] for an axis that stays as it is.",
  );
}

/** Updates of rows must be shaped like the index, followed by the shape of a row. */
export function checkScatter(index: Shape, updates: Shape): void {
  if (sameShape(updates.slice(0, index.length), index)) return;
  throw new ShapeError(
    `scatterAdd: updates must be [...index, ...row] for index ${shapeText(index)}, got ` +
      `${shapeText(updates)}. Give one row of updates for every entry of the index.`,
  );
}

/** Sequences of a scan must be equally long. @returns how many steps they have */
export function checkScan(sequences: readonly Described[]): number {
  const [first] = sequences;
  if (first === undefined || first.shape.length === 0) {
    throw new ArgumentError(
      "scan: expects at least one sequence [steps, ...], got none. Pass what each step sees as sequences.",
    );
  }
  const wrong = sequences.find(({ shape }) => shape[0] !== first.shape[0]);
  if (wrong === undefined) return first.shape[0]!;
  throw new ShapeError(
    `scan: all sequences must have the same number of steps, got ${shapeText(first.shape)} and ` +
      `${shapeText(wrong.shape)}. Make their first axes equally long.`,
  );
}

/** Options of a class that cannot do without. */
export function checkOptions(owner: string, options: unknown, example: string): void {
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return;
  throw new ArgumentError(
    `${owner}: expects options in braces, got ${kindOf(options)}. Write new ${owner}({ ${example} }).`,
  );
}

/** A count, a size or a class number: a whole number from `least` on. */
export function checkCount(op: string, argument: string, count: number, least = 1): void {
  if (Number.isSafeInteger(count) && count >= least) return;
  throw new ArgumentError(
    `${op}: ${argument} must be a whole number from ${least} on, got ${count}. ` +
      `Pass a larger whole number.`,
  );
}

/** Settings that are numbers of one closed range; infinity is none, and text that looks like a number neither. */
export function checkNumbers(
  owner: string,
  settings: Readonly<Record<string, number>>,
  [low, high]: readonly [number, number],
): void {
  for (const [name, value] of Object.entries(settings)) {
    if (Number.isFinite(value) && value >= low && value <= high) continue;
    throw new ArgumentError(
      `${owner}: ${name} must be ${rangeText(low, high)}; got ${kindOf(value)}. Usual values stand in the doc comment of ${owner}.`,
    );
  }
}

function rangeText(low: number, high: number): string {
  if (high < Infinity) return `in ${low}..${high}`;
  if (low === -Infinity) return "a number";
  return low === Number.MIN_VALUE ? "a positive number" : `${low} or more`;
}

/** Settings that are one of a few words; the first word is what they are unless given. */
export function checkChoices(
  owner: string,
  settings: Readonly<Record<string, string>>,
  words: readonly string[],
): void {
  for (const [name, value] of Object.entries(settings)) {
    if (words.includes(value)) continue;
    const quoted = words.map((word) => JSON.stringify(word));
    throw new ArgumentError(
      `${owner}: ${name} must be ${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}, got ${kindOf(value)}. ` +
        `Choose one of them, or leave ${name} out for ${quoted[0]}.`,
    );
  }
}

/** Row numbers must lie in the table; backends call this, because only they see numbers. */
export function checkIndexValues(op: string, index: ArrayLike<number>, rows: number): void {
  for (let i = 0; i < index.length; i++) {
    if (index[i]! >= 0 && index[i]! < rows) continue;
    throw new ArgumentError(
      `${op}: every index must be from 0 to ${rows - 1}, got ${index[i]} at position ${i}. ` +
        "Check that labels start at 0 and that there are as many rows or classes as they need.",
    );
  }
}
