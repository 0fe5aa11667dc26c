// What the language server says about a cell, in places of the cell, without what is no mistake in a notebook.
import type { CellFile } from "./cell-file.ts";
import { liftRanges, offsetAt, type LspPosition, type LspRange } from "./ranges.ts";

/** Another place that explains a diagnostic. */
export interface RelatedPlace {
  readonly message: string;
  /** The number in front of the cell; absent for files. */
  readonly cell?: number;
  /** Path of the file; absent for cells. */
  readonly file?: string;
  readonly start: LspPosition;
  readonly end: LspPosition;
  /** The line it points into, when it is one of a cell. */
  readonly text?: string;
}

/** A change that is likely to be right. */
export interface QuickFix {
  /** What it does, as an order. */
  readonly title: string;
  readonly edits: readonly { readonly range: LspRange; readonly newText: string }[];
}

/** One mistake in a cell; places count from 0, columns in UTF-16 units. */
export interface CellDiagnostic {
  /** Such as `TS2322`. */
  readonly code: string;
  readonly message: string;
  readonly severity: "error" | "warning";
  readonly start: LspPosition;
  readonly end: LspPosition;
  readonly related: readonly RelatedPlace[];
  readonly fix?: QuickFix;
}

/** A diagnostic as the server sends it. */
export interface LspDiagnostic {
  readonly range: LspRange;
  readonly severity?: number;
  readonly code?: number | string;
  readonly message: string;
  readonly relatedInformation?: readonly {
    readonly location: { readonly uri: string; readonly range: LspRange };
    readonly message: string;
  }[];
}

/** What is needed to judge diagnostics and to tell where places are. */
export interface DiagnosticContext {
  readonly file: CellFile;
  /** Whether an earlier cell has given the global object a property of this name. */
  readonly isGlobal: (name: string) => boolean;
  /** The cell behind an address; undefined for files on disk. */
  readonly cellOf: (uri: string) => { readonly number: number; readonly code: string } | undefined;
}

const ERROR = 1;
const WARNING = 2;

interface Legal {
  readonly codes: ReadonlySet<number>;
  readonly holds: (item: LspDiagnostic, file: CellFile) => boolean;
}

/** What the compiler does not like and a notebook may do. */
const LEGAL: readonly Legal[] = [
  // A later cell may complete the type of a variable; the compiler wants to see all of its uses in one file.
  { codes: new Set([7005, 7034]), holds: () => true },
  // A package without types is used untyped.
  { codes: new Set([7016]), holds: () => true },
  // Imports of values come first when the cell runs, and say there what to do about a missing module.
  { codes: new Set([2307, 2882]), holds: (item, file) => !isInTypeImport(item, file) },
  // A property of the global object is made by giving it a value.
  { codes: new Set([7017]), holds: ({ message }) => message.includes("'typeof globalThis'") },
  // `typeof name` asks whether there is such a name.
  {
    codes: new Set([2304, 2552]),
    holds: (item, file) => /\btypeof\s*\(?\s*$/.test(textBefore(item, file)),
  },
  // `declare module "untyped"` says that there is such a module, and nothing when the cell runs.
  { codes: new Set([2664, 2665]), holds: () => true },
  // The cell may be an edited copy of one that has declared the same for all cells.
  { codes: new Set([2403, 2717]), holds: (_item, { syntax }) => syntax.isAmbient },
  // CommonJS exports by assignment.
  { codes: new Set([2305]), holds: ({ message }) => /^Module '"[^"]*\.cts"'/.test(message) },
];

const ASSIGNS_TO_IMPORT = 2632;
const ASSIGNS_TO_CONSTANT = 2588;

/** The server's list without what is legal in a notebook. */
export function relevantDiagnostics(
  items: readonly LspDiagnostic[],
  { file, isGlobal }: Pick<DiagnosticContext, "file" | "isGlobal">,
): LspDiagnostic[] {
  const lastLine = file.lineShift + file.code.split(/\r\n|\r|\n/).length - 1;
  return items
    .filter(({ severity = ERROR }) => severity === ERROR || severity === WARNING)
    .filter(({ range }) => range.start.line >= file.lineShift && range.start.line <= lastLine)
    .filter(
      (item) =>
        !LEGAL.some(({ codes, holds }) => codes.has(Number(item.code)) && holds(item, file)),
    )
    .filter(({ message }) => !isGlobal(/^Cannot find name '(.+?)'/.exec(message)?.[1] ?? ""))
    .toSorted(
      (a, b) =>
        a.range.start.line - b.range.start.line ||
        a.range.start.character - b.range.start.character,
    );
}

/** One diagnostic in places of the cell. */
export function cellDiagnostic(
  item: LspDiagnostic,
  context: DiagnosticContext,
  fix: QuickFix | undefined,
): CellDiagnostic {
  const { range } = liftRanges(item, context.file.lineShift) as LspDiagnostic;
  const { code, message } = inNotebook(item, context.file);
  return {
    code: `TS${code}`,
    message,
    severity: item.severity === WARNING ? "warning" : "error",
    ...range,
    related: (item.relatedInformation ?? []).map(({ location, message }) => ({
      message,
      ...relatedPlace(location, context),
    })),
    ...(fix && { fix }),
  };
}

function relatedPlace(
  { uri, range }: { readonly uri: string; readonly range: LspRange },
  { file, cellOf }: DiagnosticContext,
): Omit<RelatedPlace, "message"> {
  const name = decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
  const cell = name === file.name ? { code: file.code } : cellOf(uri);
  if (!cell) return { file: decodeURIComponent(uri.replace(/^file:\/\//, "")), ...range };
  const own = liftRanges({ range }, file.lineShift) as { range: LspRange };
  const text = cell.code.split(/\r\n|\r|\n/)[own.range.start.line]?.trim() ?? "";
  return { ...own.range, text, ...("number" in cell && { cell: cell.number }) };
}

/** A constant of an earlier cell is an import only for the server. */
function inNotebook(item: LspDiagnostic, file: CellFile): { code: number; message: string } {
  const { code, message } = item;
  const name = /^Cannot assign to '(.+)' because it is an import/.exec(message)?.[1];
  if (Number(code) !== ASSIGNS_TO_IMPORT || name === undefined || !file.borrowed.has(name)) {
    return { code: Number(code), message };
  }
  return {
    code: ASSIGNS_TO_CONSTANT,
    message: `Cannot assign to '${name}' because it is a constant.`,
  };
}

const textBefore = ({ range }: LspDiagnostic, file: CellFile): string =>
  file.text.slice(0, offsetAt(file.text, range.start));

const isInTypeImport = (item: LspDiagnostic, file: CellFile): boolean =>
  /\bimport\s+type\b[^;'"]*["']?$/.test(textBefore(item, file));
