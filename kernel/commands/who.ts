// %who: the names that cells have declared, with kind, type and a short value.
import { escapeHtml } from "../display/table-html.ts";
import { shortText } from "../display/plain-text.ts";
import type { CommandCall } from "../compile/cell-runtime.ts";
import type { CellCommand, CommandRuntime } from "./command.ts";

const LONGEST_VALUE = 70;
const COLUMNS = ["name", "kind", "type", "value"] as const;

type Row = readonly [name: string, kind: string, type: string, value: string];

/** `%who`. */
export const who: CellCommand = {
  name: "who",
  summary: "list the names that cells have declared",
  arguments: "[TYPE...]",
  forms: ["line"],
  help: `%who                      all names, with kind, type and a short value
%who number Map           only values of these types; kinds (const, let, function, class, import) work too`,
  run: runWho,
};

function runWho({ argument }: CommandCall, runtime: CommandRuntime): void {
  const wanted = argument.split(/\s+/).filter((word) => word !== "");
  const rows = runtime
    .names()
    .map((name): Row => {
      const held = runtime.valueOf(name);
      if (!held) return [name.name, name.kind, "", "(no value yet)"];
      return [name.name, name.kind, typeOf(held.value), oneLine(held.value)];
    })
    .filter(
      ([, kind, type]) => wanted.length === 0 || wanted.includes(kind) || wanted.includes(type),
    );
  if (rows.length === 0) {
    runtime.write(
      wanted.length === 0 ? "no names yet\n" : `no names of type ${wanted.join(" or ")}\n`,
    );
    return;
  }
  runtime.show({ "text/plain": asText(rows), "text/html": asHtml(rows) });
}

/** The type of a value as far as it can be seen while the program runs. */
function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "function") return /^class\b/.test(sourceOf(value)) ? "class" : "function";
  if (typeof value !== "object") return typeof value;
  try {
    const name: unknown = (value as { constructor?: { name?: unknown } }).constructor?.name;
    return typeof name === "string" && name !== "" ? name : "object";
  } catch {
    return "object";
  }
}

const sourceOf = (value: object): string => Function.prototype.toString.call(value);

function oneLine(value: unknown): string {
  if (typeof value === "function") return signatureOf(value);
  const text = (typeof value === "string" ? JSON.stringify(value) : shortText(value)).replace(
    /\s+/g,
    " ",
  );
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

function signatureOf(value: object): string {
  const source = sourceOf(value);
  const heading = /^class\b[^{]*/.exec(source)?.[0] ?? source.slice(0, source.search(/=>|\{/));
  const text = heading
    .replace(/^(async )?function\s*/, "$1")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

function asText(rows: readonly Row[]): string {
  const all = [COLUMNS, ...rows];
  const widths = COLUMNS.map((_, at) => Math.max(...all.map((row) => row[at]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join("  ")
      .trimEnd();
  return [line(COLUMNS), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join(
    "\n",
  );
}

function asHtml(rows: readonly Row[]): string {
  const cells = (tag: string, row: readonly string[]): string =>
    row.map((cell) => `<${tag} style="text-align: left">${escapeHtml(cell)}</${tag}>`).join("");
  const body = rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n");
  return `<table>\n<thead><tr>${cells("th", COLUMNS)}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
}
