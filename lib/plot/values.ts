// Numbers for a figure: lists, typed arrays and tensors become plain lists of numbers and gaps.
import type { Tensor } from "../tensor.ts";
import type { Datum } from "./description.ts";
import { roundTo } from "./numbers.ts";
import { argumentProblem, shapeProblem } from "./problems.ts";

/** A list of numbers: an array, a typed array or a tensor `[n]`. */
export type Values = ArrayLike<number> | Tensor;

/** A table of numbers: rows of equal length, or a tensor `[rows, columns]`. */
export type Table = ArrayLike<ArrayLike<number>> | Tensor;

/** Names of places: texts, or numbers that are written out. */
export type Names = readonly string[] | readonly (string | number)[] | Values;

/** Digits kept of every number: more cannot be seen, and saved notebooks stay small. */
const KEPT_DIGITS = 6;

/**
 * `values` as a list; what is not finite becomes a gap.
 *
 * @param who - the function and option that asks, for the message: "plotLine: y"
 * @throws {ArgumentError} when it is no list, is empty or holds no finite number
 * @throws {ShapeError} when it is a tensor of another rank than 1
 */
export function readValues(who: string, values: Values): Datum[] {
  const data = readList(who, values);
  requireFinite(who, data);
  return data;
}

/**
 * `table` as rows of equal length; what is not finite becomes a gap.
 *
 * @throws {ArgumentError} when it is no table, is empty, or a row holds no finite number
 * @throws {ShapeError} when its rows differ in length
 */
export function readTable(who: string, table: Table): Datum[][] {
  const rows = isTensor(table) ? splitRows(table, who) : table;
  if (!isList(rows) || rows.length === 0) {
    throw argumentProblem({
      expected: `${who} must be a table with at least one row`,
      got: isList(rows) ? "no rows" : nameOf(rows),
      fix: "Pass rows of numbers, [[1, 2], [3, 4]], or a tensor [rows, columns].",
    });
  }
  const data = Array.from(rows, (row, index) => readList(`${who}[${index}]`, row));
  requireEqualRows(who, data);
  requireFinite(who, data.flat());
  return data;
}

/**
 * The numbers of a tensor `[...]` of any shape whose rank is one of `ranks`, in row-major order.
 *
 * @throws {ShapeError} when the rank is another one
 */
export function readTensor(who: string, tensor: Tensor, ...ranks: number[]): ArrayLike<number> {
  if (!ranks.includes(tensor.shape.length)) {
    throw shapeProblem({
      expected: `${who} must be a tensor of rank ${ranks.join(" or ")}`,
      got: `shape [${tensor.shape.join(", ")}]`,
      fix: "Reshape it, or take the part that you want to see.",
    });
  }
  return tensor.toTypedArray();
}

/** Names as texts; a number is written with six digits at most. */
export function readNames(names: Names): string[] {
  const list: ArrayLike<string | number> = isTensor(names) ? names.toTypedArray() : names;
  return Array.from(list, (name) =>
    typeof name === "number" ? String(roundTo(name, KEPT_DIGITS)) : name,
  );
}

/** Whether a value has a shape and gives its numbers. */
export function isTensor(value: unknown): value is Tensor {
  return (
    typeof value === "object" &&
    value !== null &&
    Array.isArray((value as Tensor).shape) &&
    typeof (value as Tensor).toTypedArray === "function"
  );
}

/** The finite numbers among `data`. */
export function finite(data: readonly Datum[]): number[] {
  return data.filter((value) => value !== null);
}

/** Smallest and largest number of `values`; `[0, 1]` when there is none. */
export function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

/** @throws {ShapeError} when two lists that belong together differ in length */
export function requireSameLength(
  first: readonly [string, number],
  second: readonly [string, number],
): void {
  if (first[1] === second[1]) return;
  throw shapeProblem({
    expected: `${first[0]} must have as many entries as ${second[0]} (${second[1]})`,
    got: `${first[1]}`,
    fix: "Each entry of one belongs to the entry of the other at the same place.",
  });
}

function readList(who: string, values: Values): Datum[] {
  const numbers = isTensor(values) ? readTensor(who, values, 1) : values;
  if (!isList(numbers)) {
    throw argumentProblem({
      expected: `${who} must be a list of numbers`,
      got: nameOf(numbers),
      fix: "Pass an array, a typed array or a tensor [n].",
    });
  }
  if (numbers.length === 0) {
    throw argumentProblem({
      expected: `${who} must hold at least one number`,
      got: "an empty list",
      fix: "Look at what fills it: nothing was added yet.",
    });
  }
  return Array.from(numbers as ArrayLike<unknown>, (value, index) =>
    toDatum(`${who}[${index}]`, value),
  );
}

function requireFinite(who: string, data: readonly Datum[]): void {
  if (data.some((value) => value !== null)) return;
  throw argumentProblem({
    expected: `${who} must hold at least one finite number`,
    got: `${data.length} values that are all NaN or infinite`,
    fix: "A training run that diverged looks like this: try a smaller learning rate.",
  });
}

function requireEqualRows(who: string, rows: readonly Datum[][]): void {
  const columns = rows[0]?.length ?? 0;
  const odd = rows.findIndex((row) => row.length !== columns);
  if (odd < 0) return;
  throw shapeProblem({
    expected: `${who} must have rows of equal length (${columns} as in row 0)`,
    got: `${rows[odd]?.length} in row ${odd}`,
    fix: "Fill the short rows; NaN leaves a gap.",
  });
}

function splitRows(tensor: Tensor, who: string): number[][] {
  const numbers = Array.from(readTensor(who, tensor, 2));
  const [rows = 0, columns = 0] = tensor.shape;
  return Array.from({ length: rows }, (_, row) =>
    numbers.slice(row * columns, (row + 1) * columns),
  );
}

function toDatum(who: string, value: unknown): Datum {
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "number" && typeof value !== "bigint") {
    throw argumentProblem({
      expected: `${who} must be a number`,
      got: nameOf(value),
      fix: "Convert it with Number(...) first.",
    });
  }
  const number = Number(value);
  return Number.isFinite(number) ? roundTo(number, KEPT_DIGITS) : null;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return `the text "${value.slice(0, 30)}"`;
  if (typeof value === "object") return `a value of type ${value.constructor?.name ?? "object"}`;
  return `a ${typeof value}`;
}
