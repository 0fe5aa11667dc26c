// A table as HTML that sorts by a click on a heading where the page trusts it, and stays a plain table elsewhere.
import { shortText } from "./plain-text.ts";
import type { Table } from "./table.ts";

/** More rows than these are shown in a box of their own height. */
const MOST_UNBOXED_ROWS = 20;
const LONGEST_UNBROKEN = 40;

const BORDER = "1px solid var(--jp-border-color2, rgba(128, 128, 128, 0.35))";
const CELL = "padding: 2px 10px; max-width: 40em; border: none;";
const HEAD = `${CELL} font-weight: 600; border-bottom: ${BORDER}; cursor: default;`;
const FAINT = "color: var(--jp-ui-font-color2, rgba(128, 128, 128, 0.9));";
const WHOLE =
  "border-collapse: collapse; margin: 4px 0; font-variant-numeric: tabular-nums; color: var(--jp-content-font-color1, inherit);";
const BOX = "max-height: 33em; overflow: auto;";

// Front ends that do not trust an output take event handlers away, and nothing else of the table is lost. A script
// element would do less: it has no way to its table without an id, and pages that drop it call the output one that draws.
const SORT = [
  "const head=event.target.closest('th');if(!head)return;",
  "const at=head.cellIndex,body=this.tBodies[0],down=head.ariaSort==='ascending';",
  "const text=row=>row.cells[at].textContent,isEmpty=x=>x===''||x==='null'||x==='NaN';",
  "const compare=(a,b)=>isNaN(a)||isNaN(b)?a.localeCompare(b,undefined,{numeric:true}):a-b;",
  "const order=(a,b)=>isEmpty(a)||isEmpty(b)?isEmpty(a)-isEmpty(b):(down?-1:1)*compare(a,b);",
  "for(const other of head.parentNode.cells)other.ariaSort=null;",
  "head.ariaSort=down?'descending':'ascending';",
  "body.append(...[...body.rows].sort((a,b)=>order(text(a),text(b))));",
].join("");
const SORT_BY_KEY = "if(event.key==='Enter')event.target.click()";

/** The table in HTML that follows the front end's light or dark theme. */
export function htmlTable(table: Table): string {
  const { columns, rows } = table;
  const alignments = columns.map((_, column) => alignmentOf(rows.map((row) => row[column])));
  const head = columns.map((name, at) => drawHeading(name, alignments[at]!)).join("");
  const body = rows
    .map((row) => row.map((value, at) => drawCell(value, alignments[at]!, at === 0)).join(""))
    .map((cells) => `<tr>${cells}</tr>`);
  const isBoxed = rows.length > MOST_UNBOXED_ROWS;
  const drawn =
    `<table style="${WHOLE}" onclick="${SORT}" onkeydown="${SORT_BY_KEY}">\n` +
    `<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join("\n")}\n</tbody></table>`;
  return `${isBoxed ? `<div style="${BOX}">${drawn}</div>` : drawn}${drawCounts(table)}`;
}

function drawHeading(name: string, alignment: "left" | "right"): string {
  const style = `${HEAD} text-align: ${alignment};`;
  return `<th style="${style}" tabindex="0" title="Sort">${escapeHtml(name)}</th>`;
}

/** What is left out, if anything: `first 100 of 5,000 rows, 11 more columns`. */
function drawCounts({ rows, total, omittedColumns }: Table): string {
  const parts = [
    total > rows.length ? `first ${count(rows.length)} of ${count(total)} rows` : "",
    omittedColumns > 0 ? `${count(omittedColumns)} more columns` : "",
  ].filter((part) => part !== "");
  if (parts.length === 0) return "";
  return `\n<div style="padding: 2px 10px; ${FAINT}">${parts.join(", ")}</div>`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
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

/** Text that stands in markup as it is. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
