// How the library shows itself in a notebook: a mime bundle behind a well-known symbol, and tables as text and HTML.

/** One thing to show, in several forms by mime type; a front end takes the richest that it knows. */
export type MimeBundle = Record<string, string>;

/** A value that shows itself in a notebook and in `console.log`. */
export interface Showable {
  /** All forms; `text/plain` is one of them. */
  toMimeBundle(): Readonly<Record<string, unknown>>;
  /** One line for a place among other values, such as a list or a cell of a table; the whole text unless given. */
  toShortText?(): string;
}

/** What Node's `inspect` says of the place where a value is shown. */
interface InspectedPlace {
  readonly depth?: number | null;
  readonly breakLength?: number;
}

/** Gives a class the two methods by which a notebook and `console.log` ask a value to show itself. */
export function showItself(type: { readonly prototype: Showable }): void {
  const methods: [string, (this: Showable, depth: number, place?: InspectedPlace) => unknown][] = [
    [
      "Jupyter.display",
      function bundle() {
        return this.toMimeBundle();
      },
    ],
    [
      "nodejs.util.inspect.custom",
      function text(depth: number, place: InspectedPlace = {}) {
        const isAmongOthers = depth < (place.depth ?? Infinity) || place.breakLength === Infinity;
        return (isAmongOthers && this.toShortText?.()) || this.toMimeBundle()["text/plain"];
      },
    ],
  ];
  for (const [name, value] of methods) {
    Object.defineProperty(type.prototype, Symbol.for(name), { value });
  }
}

/**
 * The settings of an object in words, such as `beta1 0.9, beta2 0.999`: its own fields that are numbers, words or truth
 * values, less those that are named otherwise beside them.
 */
export function settingsText(owner: object, without: readonly string[] = []): string {
  return Object.entries(owner)
    .filter(([name, value]) => !without.includes(name) && isPlain(value))
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
}

const isPlain = (value: unknown): boolean => ["number", "string", "boolean"].includes(typeof value);

/** A table with a heading line; the first column is text, the others are numbers. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** A last line set apart, such as a total. */
  readonly footer?: readonly string[];
  /** Classes of table cells, such as a colour, by row and column. */
  readonly cellStyle?: (row: number, column: number) => string | undefined;
}

/** The table as aligned text and as HTML. */
export function tableBundle(table: Table): MimeBundle {
  return { "text/plain": tableText(table), "text/html": tableHtml(table) };
}

/** A whole number with thousands separators: `203,530`. */
export function groupDigits(count: number): string {
  return count.toLocaleString("en-US");
}

/** Text that is safe between HTML tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}

function tableText({ title, columns, rows, footer }: Table): string {
  const body = footer === undefined ? rows : [...rows, footer];
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...body.map((row) => row[index]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join("  ")
      .trimEnd();
  const rule = "-".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  const last = footer === undefined ? [] : [rule, line(footer)];
  return [title, line(columns), rule, ...rows.map(line), ...last].join("\n");
}

function tableHtml({ title, columns, rows, footer, cellStyle }: Table): string {
  const cell = (tag: string, text: string, column: number, style = ""): string =>
    `<${tag} style="text-align:${column === 0 ? "left" : "right"};${style}">${escapeHtml(text)}</${tag}>`;
  const line = (tag: string, cells: readonly string[], row = -1): string =>
    `<tr>${cells.map((text, i) => cell(tag, text, i, cellStyle?.(row, i))).join("")}</tr>`;
  const head = `<thead>${line("th", columns)}</thead>`;
  const body = `<tbody>${rows.map((cells, row) => line("td", cells, row)).join("")}</tbody>`;
  const foot = footer === undefined ? "" : `<tfoot>${line("th", footer)}</tfoot>`;
  const caption = `<caption style="text-align:left">${escapeHtml(title)}</caption>`;
  return `<table>${caption}${head}${body}${foot}</table>`;
}
