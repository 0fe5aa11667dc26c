// Cells with commands, compiled and judged: what the kernel calls where the compiler alone knows only TypeScript.
import { CELL_RUNTIME_NAME } from "../compile/cell-runtime.ts";
import { checkComplete, type Completeness } from "../compile/check-complete.ts";
import { compileCell, type CellIdentity, type CompiledCell } from "../compile/compile-cell.ts";
import type { ErrorReport } from "../compile/syntax-error.ts";
import { readCellHead } from "./cell-head.ts";
import { expandCell, typeScriptOf } from "./expand-cell.ts";
import { usageReport } from "./usage-problem.ts";

/**
 * Compiles a cell that may use commands.
 *
 * @returns the code, or the error that is found in the cell's text
 */
export function compileWithCommands(
  source: string,
  cell: CellIdentity,
): CompiledCell | ({ ok: false } & ErrorReport) {
  const expanded = expandCell(source, (name) => cell.known?.has(name) ?? false);
  if (!expanded) return compileCell(source, cell);
  if ("problem" in expanded) return { ok: false, ...usageReport(expanded, source, cell) };
  return compileCell(source, {
    ...cell,
    expanded: {
      ...expanded,
      // Commands are loaded when a cell first uses one.
      prologue: (names) => `await ${CELL_RUNTIME_NAME}.commands.load(${JSON.stringify(names)});`,
    },
  });
}

/** Tells whether a cell that may use commands could run, needs more text, or is wrong. */
export function checkCellComplete(source: string): Completeness {
  // A console hands over a `%%` cell line by line: a blank line ends it.
  if (readCellHead(source) && !/\n[ \t]*\n?$/.test(source)) {
    return { status: "incomplete", indent: "" };
  }
  return checkComplete(typeScriptOf(source));
}
