// Writes notebooks: canonically for version control (no outputs), or executed (with outputs). Same layout for both.
import { splitText, isSplitMime } from "./multiline.ts";
import type { Cell, MimeBundle, Notebook, Output } from "./types.ts";

/** Cell metadata that only remembers a run. */
const RUN_METADATA = ["execution", "collapsed", "scrolled", "ExecuteTime"];

/** The canonical text of a notebook: sorted keys, indent 1, cell ids, no outputs, no run counts, newline at the end. */
export function formatNotebook(notebook: Notebook): string {
  return serializeNotebook({ ...notebook, cells: notebook.cells.map(withoutRun) });
}

/** The text of a notebook with its outputs and run counts, in the layout of `formatNotebook`. */
export function serializeNotebook(notebook: Notebook): string {
  return `${writeJson({ ...notebook, cells: notebook.cells.map(fileCell) }, "")}\n`;
}

function withoutRun(cell: Cell): Cell {
  const metadata = { ...cell.metadata };
  for (const key of RUN_METADATA) delete metadata[key];
  if (cell.cell_type !== "code") return { ...cell, metadata };
  return { ...cell, metadata, execution_count: null, outputs: [] };
}

function fileCell(cell: Cell): unknown {
  const source = splitText(cell.source);
  if (cell.cell_type === "code") return { ...cell, source, outputs: cell.outputs.map(fileOutput) };
  if (cell.attachments === undefined) return { ...cell, source };
  const files = Object.entries(cell.attachments).map(([name, data]) => [name, fileBundle(data)]);
  return { ...cell, source, attachments: Object.fromEntries(files) as unknown };
}

function fileOutput(output: Output): unknown {
  if (output.output_type === "stream") return { ...output, text: splitText(output.text) };
  return "data" in output ? { ...output, data: fileBundle(output.data) } : output;
}

function fileBundle(bundle: MimeBundle): MimeBundle {
  const entries = Object.entries(bundle).map(([mime, value]) => [
    mime,
    typeof value === "string" && isSplitMime(mime) ? splitText(value) : value,
  ]);
  return Object.fromEntries(entries) as MimeBundle;
}

/** JSON with sorted keys. JSON.stringify cannot: objects list keys that look like numbers first, whatever the order. */
function writeJson(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const inner = `${indent} `;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((item: unknown) => writeJson(item, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, item]) => `${JSON.stringify(key)}: ${writeJson(item, inner)}`);
  const [open, close] = isList ? "[]" : "{}";
  if (parts.length === 0) return `${open}${close}`;
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}
