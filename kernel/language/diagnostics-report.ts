// Diagnostics of a cell as text: what is wrong and where, the line with a caret, related places, the fix.
import { paint, sourceExcerpt } from "../compile/excerpt.ts";
import { fileName, type NamedFolders } from "../compile/file-names.ts";
import type { ErrorReport } from "../compile/syntax-error.ts";
import type { CellDiagnostic, RelatedPlace } from "./cell-diagnostics.ts";

const MOST_SHOWN = 5;
const MOST_RELATED = 3;
const LONGEST_LINE = 88;

/** A cell with mistakes. */
export interface DiagnosedCell {
  readonly code: string;
  /** The number in front of the cell. */
  readonly number: number;
  /** At least one. */
  readonly diagnostics: readonly CellDiagnostic[];
  /** Where the names of files start. */
  readonly folders?: NamedFolders;
}

/** The report of a cell that is not run because of its types. */
export function typeErrorReport(cell: DiagnosedCell): ErrorReport {
  const [first] = cell.diagnostics;
  return {
    ename: first?.code ?? "TypeError",
    evalue: first ? withPlace(first) : "",
    traceback: paragraphs(cell),
  };
}

/** The text for under a cell that has run before its types were checked. */
export function lateWarning(cell: DiagnosedCell): string {
  const what = cell.diagnostics.length === 1 ? "a mistake" : `${cell.diagnostics.length} mistakes`;
  const head = `This cell ran before its types could be checked; the check found ${what}.`;
  return `${[head, ...paragraphs(cell)].join("\n")}\n`;
}

const withPlace = ({ message, start }: CellDiagnostic): string =>
  `${message.split("\n")[0]} (line ${start.line + 1})`;

function paragraphs(cell: DiagnosedCell): string[] {
  const shown = cell.diagnostics.slice(0, MOST_SHOWN);
  const texts = shown.map((one) => paragraph(one, cell));
  const hidden = cell.diagnostics.length - shown.length;
  if (hidden > 0) texts.push(paint.faint(`... ${hidden} more`));
  return texts;
}

function paragraph(
  diagnostic: CellDiagnostic,
  { code, number, folders = {} }: DiagnosedCell,
): string {
  const { start, end, message, related, fix } = diagnostic;
  const width = end.line === start.line ? end.character - start.character : LONGEST_LINE;
  const at = { line: start.line, column: start.character };
  return [
    `${paint.strong(diagnostic.code)}: ${message}`,
    `  at ${paint.place(placeText(`cell ${number}`, start))}`,
    ...sourceExcerpt(code, at, { width }),
    ...related.slice(0, MOST_RELATED).map((one) => relatedText(one, number, folders)),
    ...(fix ? [`${paint.strong("Fix")}: ${fix.title}`] : []),
  ].join("\n");
}

function relatedText(place: RelatedPlace, number: number, folders: NamedFolders): string {
  const { file, cell = number } = place;
  const where = file === undefined ? `cell ${cell}` : fileName(file, folders);
  const text = place.text === undefined ? "" : `\n      ${place.text}`;
  return `  ${paint.faint("see")} ${placeText(where, place.start)}: ${place.message}${text}`;
}

const placeText = (where: string, { line, character }: RelatedPlace["start"]): string =>
  `${where}, line ${line + 1}, column ${character + 1}`;
