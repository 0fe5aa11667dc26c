// A cell with types: checked before it runs, stopped by its mistakes, told of them afterwards when the check comes late.
import { typeScriptOfAny } from "../commands/late-commands.ts";
import type { CellRequest } from "../execute/session.ts";
import type { NamedFolders } from "../compile/file-names.ts";
import type { ErrorReport } from "../compile/syntax-error.ts";
import type { CellVerdict, UncheckedReason } from "../language/cell-checker.ts";
import type { CellDiagnostic } from "../language/cell-diagnostics.ts";
import { lateWarning, typeErrorReport } from "../language/diagnostics-report.ts";
import { syntaxDiagnostics } from "../language/syntax-diagnostics.ts";
import type { TypesMode } from "../language/project-config.ts";
import type { KernelContext } from "./handler.ts";

/** How long a cell that ran before the server was ready stays busy, so that its warning comes before its end. */
const LATE_WAIT_MS = 1000;

/** Holds already for the cell it stands in. */
const TYPES_COMMAND = /^[ \t]*%types[ \t]+(off|on|strict)[ \t]*$/m;

type Kernel = Pick<KernelContext, "language" | "session">;

/** Why a cell failed. */
export interface CellFailure {
  readonly report: ErrorReport;
  /** For front ends; empty when the code as such is right. */
  readonly diagnostics: readonly CellDiagnostic[];
}

/** What became of a cell. */
export interface TypedRun {
  readonly failure?: CellFailure;
  /** Whether its types were known before it ran, for front ends. */
  readonly types: "checked" | UncheckedReason;
}

/** A cell, and how long to wait for types. */
export interface TypedCell extends CellRequest {
  /** How long to wait for a language server that does not run yet. */
  readonly startWaitMs: number;
}

/** Runs a cell that is right, as far as can be known in a moment. */
export async function runTypedCell(cell: TypedCell, kernel: Kernel): Promise<TypedRun> {
  const { language, session } = kernel;
  const { interruptions } = session;
  const mode = TYPES_COMMAND.exec(cell.code)?.[1];
  if (mode !== undefined) language.setMode(mode as TypesMode);
  const verdict = await language.check(await codeOf(cell, kernel), cell.startWaitMs);
  const types = verdict.unchecked ?? "checked";
  const diagnostics = errorsOf(verdict.diagnostics);
  if (diagnostics.length > 0) {
    const report = typeErrorReport({ ...cell, diagnostics, folders: session.folders });
    return { types, failure: { report, diagnostics } };
  }
  const failure = await runChecked({ ...cell, interruptions }, verdict, kernel);
  return { types, ...(failure && { failure }) };
}

/** The TypeScript of a cell, without its commands. */
function codeOf({ code }: TypedCell, { language }: Kernel): string | Promise<string> {
  let names: Set<string> | undefined;
  return typeScriptOfAny(code, (name) => (names ??= new Set(language.names)).has(name));
}

async function runChecked(
  cell: TypedCell,
  verdict: CellVerdict,
  { language, session }: Kernel,
): Promise<CellFailure | undefined> {
  if (verdict.unchecked !== "unreadable") language.remember(verdict.file, cell.number);
  const report = await session.run(cell);
  if (report) language.rememberFailure(verdict.file);
  const notice = language.takeNotice();
  if (notice !== undefined) cell.onOutput({ type: "text", name: "stderr", text: notice });
  await warnLater(verdict, cell, session.folders);
  if (!report) return undefined;
  const isUnreadable = report.ename === "SyntaxError" && verdict.unchecked === "unreadable";
  return { report, diagnostics: isUnreadable ? syntaxDiagnostics(cell.code) : [] };
}

const errorsOf = (diagnostics: readonly CellDiagnostic[] = []): CellDiagnostic[] =>
  diagnostics.filter(({ severity }) => severity === "error");

async function warnLater(
  verdict: CellVerdict,
  cell: CellRequest,
  folders: NamedFolders,
): Promise<void> {
  if (!verdict.later) return;
  const warned = verdict.later.then((found) => {
    const diagnostics = errorsOf(found);
    if (diagnostics.length === 0) return;
    const text = lateWarning({ ...cell, diagnostics, folders });
    cell.onOutput({ type: "text", name: "stderr", text });
  });
  if (verdict.unchecked !== "starting") return;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, LATE_WAIT_MS);
  });
  await Promise.race([warned, limit]);
  clearTimeout(timer);
}
