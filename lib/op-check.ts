// What the operands of one op must have in common: the words for products, moves and scans.
import {
  checkBroadcast,
  checkFloat,
  checkList,
  checkSameDType,
  checkShape,
  type Described,
} from "./check.ts";
import { ArgumentError, ShapeError } from "./errors.ts";
import { broadcastShapes, sameShape, type Shape, shapeText, sizeOf } from "./shape.ts";

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
