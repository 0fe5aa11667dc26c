// Data frames of other libraries as tables, recognised by the methods that such libraries share.
import { types } from "node:util";
import { MOST_ROWS, recordTable, type FlatRecord, type Table } from "./table.ts";

type Members = Readonly<Record<string, unknown>>;
type Call = (...values: unknown[]) => unknown;

/** The first rows of a data frame; undefined when the value is none. */
export function frameTable(value: unknown): Table | undefined {
  if (typeof value !== "object" || value === null || types.isProxy(value)) return undefined;
  const members = value as Members;
  return polarsTable(members) ?? arqueroTable(members) ?? danfoTable(members);
}

/** Polars and its like: `head(n)` and `toRecords()`. */
function polarsTable(frame: Members): Table | undefined {
  const { head, toRecords, height } = frame;
  if (typeof head !== "function" || typeof toRecords !== "function") return undefined;
  const first = (head as Call).call(frame, MOST_ROWS) as Members;
  return recordsTable((first["toRecords"] as Call).call(first), height);
}

/** Arquero and its like: `columnNames()`, `numRows()` and `objects({ limit })`. */
function arqueroTable(frame: Members): Table | undefined {
  const { columnNames, objects, numRows } = frame;
  if (typeof columnNames !== "function" || typeof objects !== "function") return undefined;
  const total: unknown = typeof numRows === "function" ? (numRows as Call).call(frame) : undefined;
  return recordsTable((objects as Call).call(frame, { limit: MOST_ROWS }), total);
}

/** Danfo and its like: `columns`, `values` by rows, and `shape`. */
function danfoTable({ columns, values, shape }: Members): Table | undefined {
  if (!Array.isArray(columns) || !Array.isArray(values) || !Array.isArray(shape)) return undefined;
  const rows: unknown[] = values.slice(0, MOST_ROWS);
  if (shape.length !== 2 || !rows.every(Array.isArray)) return undefined;
  const names = columns.map(String);
  const records = rows.map((row) =>
    Object.fromEntries(names.map((name, at) => [name, (row as unknown[])[at]])),
  );
  return recordsTable(records, shape[0]);
}

function recordsTable(records: unknown, total: unknown): Table | undefined {
  if (!Array.isArray(records)) return undefined;
  const isCount = typeof total === "number" && Number.isInteger(total);
  return recordTable(records as FlatRecord[], { total: isCount ? total : records.length });
}
