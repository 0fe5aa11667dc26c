// How a tensor looks: aligned text with long axes shortened, and a small table for notebooks.
import type { DType, TypedArray } from "./dtype.ts";
import { escapeHtml } from "./display.ts";
import { type Shape, shapeText, sizeOf, stridesOf } from "./shape.ts";
import { tensorPicture } from "./tensor-picture.ts";

/** What can be shown of a tensor. */
export interface Shown {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly numbers: TypedArray;
}

/** Tensors with more elements are shortened along every long axis. */
const FULL_SIZE = 1000;

/** So many entries stay at either end of a shortened axis. */
const EDGE = 3;

/** So many rows and columns of a table stay at either end, whatever the number of elements. */
const TABLE_EDGE = 6;

const DIGITS = 4;
const LINE_WIDTH = 88;

/** `tensor([[1, 2], [3, 4]])` with aligned columns; the element type is named unless it is float32. */
export function tensorText(shown: Shown): string {
  const write = numberWriter(shown);
  const strides = stridesOf(shown.shape);
  const prefix = "tensor(";
  const writeAxis = (axis: number, start: number, indent: number): string => {
    if (axis === shown.shape.length) return write(start);
    const entries = shownEntries(shown, axis).map((entry) =>
      entry === undefined ? "..." : writeAxis(axis + 1, start + entry * strides[axis]!, indent + 1),
    );
    return `[${joinEntries(entries, shown.shape.length - axis, indent + 1)}]`;
  };
  const body = writeAxis(0, 0, prefix.length);
  const cut = sizeOf(shown.shape) > FULL_SIZE ? [`shape=${shapeText(shown.shape)}`] : [];
  const named = shown.dtype === "float32" ? cut : [...cut, `dtype=${shown.dtype}`];
  return `${prefix}${[body, ...named].join(", ")})`;
}

// Numbers share lines as far as they fit; deeper arrays stand below each other, with blank lines between matrices.
function joinEntries(entries: readonly string[], depth: number, indent: number): string {
  const newLine = `\n${" ".repeat(indent)}`;
  if (depth > 1) return entries.join(`,${"\n".repeat(depth - 2)}${newLine}`);
  const width = Math.max(...entries.map((entry) => entry.length)) + 2;
  const perLine = Math.max(1, Math.floor((LINE_WIDTH - indent) / width));
  const lines: string[] = [];
  for (let i = 0; i < entries.length; i += perLine) {
    lines.push(entries.slice(i, i + perLine).join(", "));
  }
  return lines.join(`,${newLine}`);
}

/** Indices along an axis that are shown; undefined stands for the gap in the middle. */
function shownEntries(shown: Shown, axis: number): (number | undefined)[] {
  const length = shown.shape[axis]!;
  return sizeOf(shown.shape) <= FULL_SIZE ? shortened(length, length) : shortened(length, EDGE);
}

// The first and last `edge` indices with a gap between them, or all when there is nothing to leave out.
function shortened(length: number, edge: number): (number | undefined)[] {
  if (length <= 2 * edge) return Array.from({ length }, (_, i) => i);
  const first = Array.from({ length: edge }, (_, i) => i);
  return [...first, undefined, ...first.map((i) => length - edge + i)];
}

// One format for all shown numbers, padded to one width, so that columns line up.
function numberWriter(shown: Shown): (position: number) => string {
  const positions = shownPositions(shown);
  const format = numberFormat(
    shown.dtype,
    positions.map((at) => shown.numbers[at]!),
  );
  const width = Math.max(...positions.map((at) => format(shown.numbers[at]!).length));
  return (at) => format(shown.numbers[at]!).padStart(shown.shape.length === 0 ? 0 : width);
}

function shownPositions(shown: Shown): number[] {
  const strides = stridesOf(shown.shape);
  let positions = [0];
  for (const [axis, stride] of strides.entries()) {
    const entries = shownEntries(shown, axis).filter((entry) => entry !== undefined);
    positions = positions.flatMap((at) => entries.map((entry) => at + entry * stride));
  }
  return positions;
}

function numberFormat(dtype: DType, numbers: readonly number[]): (number: number) => string {
  if (dtype === "bool") return (number) => (number === 1 ? "true" : "false");
  if (dtype === "int32") return String;
  const sizes = numbers.filter((each) => Number.isFinite(each) && each !== 0).map(Math.abs);
  const largest = Math.max(0, ...sizes);
  const smallest = Math.min(Infinity, ...sizes);
  const special = (write: (number: number) => string) => (number: number) =>
    Number.isFinite(number) ? write(number) : String(number).replace("Infinity", "inf");
  if (sizes.every(Number.isInteger) && largest < 1e8) return special((number) => `${number}.`);
  const scientific = largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1e5;
  return special((number) => (scientific ? number.toExponential(DIGITS) : number.toFixed(DIGITS)));
}

/** A tensor without its numbers. */
type Form = Omit<Shown, "numbers">;

/** A line for a tensor among others. */
export function shapeOnlyText({ shape, dtype }: Form): string {
  return `tensor of shape ${shapeText(shape)}, ${dtype}`;
}

/** A line for a tensor whose numbers cannot be read: its shape, and why. */
export function unreadableText(form: Form, reason: string): string {
  return `${shapeOnlyText(form)}, without numbers. ${reason}`;
}

/** A summary line, a table of the first matrix and a small picture; colours come from the page, so any theme fits. */
export function tensorHtml(shown: Shown): string {
  const { shape, dtype } = shown;
  const size = sizeOf(shape);
  const kind = shape.length === 0 ? "scalar" : `shape ${shapeText(shape)}`;
  const summary = `Tensor, ${kind}, ${dtype}, ${size} ${size === 1 ? "element" : "elements"}`;
  const which =
    shape.length > 2
      ? `, matrix [${shape
          .slice(0, -2)
          .map(() => 0)
          .join(", ")}, ...]`
      : "";
  return (
    `<div style="font-size:0.9em"><div style="opacity:0.7">${escapeHtml(summary + which)}</div>` +
    `<div style="display:flex;flex-wrap:wrap;gap:1em;align-items:flex-start">` +
    `<table style="font-family:monospace;text-align:right;border-collapse:collapse;margin:0;white-space:nowrap">` +
    `${tableRows(shown)}</table>${tensorPicture(shown)}</div></div>`
  );
}

function tableRows(shown: Shown): string {
  const matrix: Shown = {
    ...shown,
    shape: [shown.shape.at(-2) ?? 1, shown.shape.at(-1) ?? 1],
  };
  const columns = matrix.shape[1]!;
  const write = numberWriter(matrix);
  const cell = (text: string): string => `<td style="padding:0 0.5em">${escapeHtml(text)}</td>`;
  const rows = shortened(matrix.shape[0]!, TABLE_EDGE).map((row) => {
    const cells = shortened(columns, TABLE_EDGE).map((column) => {
      if (row === undefined || column === undefined) return cell("…");
      return cell(write(row * columns + column).trim());
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  return rows.join("");
}
