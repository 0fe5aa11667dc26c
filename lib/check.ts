// What tensors, axes, element types and settings must be, in words: who expects what; what came; the fix.
import { type DType, DTYPES, isFloat } from "./dtype.ts";
import { ArgumentError, DTypeError, ShapeError } from "./errors.ts";
import { broadcastShapes, type Shape, shapeText, sizeOf } from "./shape.ts";

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
      `Convert it first: cast(x, "float32").`,
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
