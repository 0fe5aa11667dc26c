// Syntax errors of a cell in the form in which front ends get mistakes of type.
import { transpile } from "../compile/transpile.ts";
import type { CellDiagnostic } from "./cell-diagnostics.ts";
import { positionAt } from "./ranges.ts";

/** What makes a cell unreadable; empty when it can be read. */
export function syntaxDiagnostics(code: string): CellDiagnostic[] {
  const read = transpile(code);
  if (!("problems" in read)) return [];
  return read.problems.map(({ message, hint, start, end }) => ({
    code: "SyntaxError",
    message,
    severity: "error",
    start: positionAt(code, start),
    end: positionAt(code, end),
    related: [],
    ...(hint !== undefined && { fix: { title: hint, edits: [] } }),
  }));
}
