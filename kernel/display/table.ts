// Which values are tables: arrays of flat records, and maps.
import { types } from "node:util";

/** Rows of a table that are put into a notebook at most; the others are only counted. */
export const MOST_ROWS = 100;
/** Fewer rows than that when they are wide, but these always. */
const LEAST_ROWS = 20;
const MOST_CELLS = 1000;
const MOST_COLUMNS = 20;

/** A table before it is drawn: the first column labels the rows. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  /** Counts rows that are not listed too. */
  readonly total: number;
  /** Columns that are not listed. */
  readonly omittedColumns: number;
}

/** One row of a table by column. */
export type FlatRecord = Readonly<Record<string, unknown>>;

/** The table of an array of flat records or of a Map; undefined for every other value. */
export function tableOf(value: unknown): Table | undefined {
  return arrayTable(value) ?? mapTable(value);
}

function arrayTable(value: unknown): Table | undefined {
  if (!Array.isArray(value) || value.length === 0 || types.isProxy(value)) return undefined;
  const records: unknown[] = value.slice(0, MOST_ROWS);
  if (!records.every(isFlatRecord)) return undefined;
  const table = recordTable(records, { total: value.length });
  return table.columns.length > 1 ? table : undefined;
}

function mapTable(value: unknown): Table | undefined {
  if (!types.isMap(value) || value.size === 0 || types.isProxy(value)) return undefined;
  const entries: [unknown, unknown][] = [];
  for (const entry of value) if (entries.push(entry) === MOST_ROWS) break;
  const labels = entries.map(([key]) => key);
  const records = entries.map(([, item]) => item);
  if (records.every(isFlatRecord)) {
    return recordTable(records, { total: value.size, labels, heading: "key" });
  }
  return { columns: ["key", "value"], rows: entries, total: value.size, omittedColumns: 0 };
}

/**
 * Lays records out in columns.
 *
 * @param names.labels - of the rows; their numbers when absent
 * @param names.heading - of the labels
 */
export function recordTable(
  records: readonly FlatRecord[],
  names: {
    readonly total: number;
    readonly labels?: readonly unknown[];
    readonly heading?: string;
  },
): Table {
  const { total, labels, heading = "" } = names;
  const all = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const columns = all.slice(0, MOST_COLUMNS);
  const rows = records
    .slice(0, Math.max(LEAST_ROWS, Math.floor(MOST_CELLS / columns.length)))
    .map((record, at) => [labels ? labels[at] : at, ...columns.map((column) => record[column])]);
  const omittedColumns = all.length - columns.length;
  return { columns: [heading, ...columns], rows, total, omittedColumns };
}

function isFlatRecord(value: unknown): value is FlatRecord {
  if (typeof value !== "object" || value === null || types.isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  const descriptors = Object.values(Object.getOwnPropertyDescriptors(value));
  return descriptors.every((one) => "value" in one && isFlat(one.value));
}

const isFlat = (value: unknown): boolean =>
  value === null ||
  (typeof value !== "object" && typeof value !== "function") ||
  types.isDate(value);
