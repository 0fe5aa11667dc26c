// A table as aligned text, for consoles and for readers of the notebook's file.
import { shortText } from "./plain-text.ts";
import type { Table } from "./table.ts";

const MOST_LINES = 20;
const LONGEST_CELL = 40;

/** The first rows of a table, one line each, with the counts of what is left out. */
export function textTable({ columns, rows, total, omittedColumns }: Table): string {
  const shown = rows.slice(0, MOST_LINES);
  const cells = shown.map((row) => row.map(cellText));
  const widths = columns.map((name, at) =>
    Math.max(name.length, ...cells.map((line) => line[at]?.length ?? 0)),
  );
  const isNumber = columns.map((_, at) => shown.every((row) => typeof row[at] === "number"));
  const lines = [[...columns], ...cells].map((line) =>
    line
      .map((text, at) => (isNumber[at] ? text.padStart(widths[at]!) : text.padEnd(widths[at]!)))
      .join("  ")
      .trimEnd(),
  );
  const rest = [
    total > shown.length ? `${total - shown.length} more rows` : "",
    omittedColumns > 0 ? `${omittedColumns} more columns` : "",
  ].filter((part) => part !== "");
  return [...lines, ...(rest.length > 0 ? [`... ${rest.join(", ")}`] : [])].join("\n");
}

function cellText(value: unknown): string {
  const text = value === undefined ? "" : shortText(value).replace(/\s*\n\s*/g, " ");
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL - 3)}...` : text;
}
