// Records and maps as HTML tables that follow the front end's light or dark theme.
import { types } from "node:util";
import { shortText } from "./plain-text.ts";

const MOST_ROWS = 20;
const MOST_COLUMNS = 20;

/** Columns and rows of a table before it is drawn; `total` counts rows that are not listed too. */
interface Table {
  columns: string[];
  rows: unknown[][];
  total: number;
}

/** An HTML table for an array of flat records or a Map; undefined for every other value. */
export function htmlTable(value: unknown): string | undefined {
  try {
    const table = recordsTable(value) ?? mapTable(value);
    return table && draw(table);
  } catch {
    return undefined;
  }
}

function recordsTable(value: unknown): Table | undefined {
  if (!Array.isArray(value) || value.length === 0 || types.isProxy(value)) return undefined;
  const rows: unknown[] = value.slice(0, MOST_ROWS);
  if (!rows.every(isFlatRecord)) return undefined;
  const columns = columnsOf(rows);
  if (columns.length === 0) return undefined;
  const cells = rows.map((row, index) => [index, ...columns.map((column) => row[column])]);
  return { columns: ["", ...columns], rows: cells, total: value.length };
}

function mapTable(value: unknown): Table | undefined {
  if (!types.isMap(value) || value.size === 0 || types.isProxy(value)) return undefined;
  const entries: [unknown, unknown][] = [];
  for (const entry of value) if (entries.push(entry) === MOST_ROWS) break;
  const records = entries.map(([, item]) => item);
  if (!records.every(isFlatRecord)) {
    return { columns: ["key", "value"], rows: entries, total: value.size };
  }
  const columns = columnsOf(records);
  const rows = entries.map(([key], at) => [key, ...columns.map((column) => records[at]![column])]);
  return { columns: ["key", ...columns], rows, total: value.size };
}

type FlatRecord = Record<string, unknown>;

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

function columnsOf(rows: readonly FlatRecord[]): string[] {
  const columns = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...columns].slice(0, MOST_COLUMNS);
}

const BORDER = "1px solid var(--jp-border-color2, rgba(128, 128, 128, 0.35))";
const CELL = "padding: 2px 10px; max-width: 40em; border: none;";
const HEAD = `${CELL} font-weight: 600; border-bottom: ${BORDER};`;
const FAINT = "color: var(--jp-ui-font-color2, rgba(128, 128, 128, 0.9));";
const WHOLE =
  "border-collapse: collapse; margin: 4px 0; font-variant-numeric: tabular-nums; color: var(--jp-content-font-color1, inherit);";
const LONGEST_UNBROKEN = 40;

function draw({ columns, rows, total }: Table): string {
  const alignments = columns.map((_, column) => alignmentOf(rows.map((row) => row[column])));
  const head = columns
    .map(
      (name, at) => `<th style="${HEAD} text-align: ${alignments[at]};">${escapeHtml(name)}</th>`,
    )
    .join("");
  const body = rows
    .map((row) => row.map((value, at) => drawCell(value, alignments[at]!, at === 0)).join(""))
    .map((cells) => `<tr>${cells}</tr>`);
  const rest = total - rows.length;
  const more = rest > 0 ? `\n<div style="padding: 2px 10px; ${FAINT}">... ${rest} more</div>` : "";
  return `<table style="${WHOLE}">\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join("\n")}\n</tbody></table>${more}`;
}

const isNumeric = (value: unknown): boolean =>
  typeof value === "number" || typeof value === "bigint";

function alignmentOf(values: readonly unknown[]): "left" | "right" {
  const given = values.filter((value) => value !== undefined && value !== null);
  return given.length > 0 && given.every(isNumeric) ? "right" : "left";
}

function drawCell(value: unknown, alignment: "left" | "right", isLabel: boolean): string {
  const text = value === undefined ? "" : shortText(value);
  const space = text.length <= LONGEST_UNBROKEN ? "pre" : "pre-wrap";
  const style = `${CELL} text-align: ${alignment}; white-space: ${space};${isLabel ? ` ${FAINT}` : ""}`;
  return `<td style="${style}">${escapeHtml(text)}</td>`;
}

/** Text as HTML text or attribute value. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
