// Cells as the kernel gets them, most without a command: the code for commands is loaded by the first cell with one.
import { compileCell, type CellIdentity, type CompiledCell } from "../compile/compile-cell.ts";
import type { ErrorReport } from "../compile/syntax-error.ts";
import { mayUseCommands } from "./may-use-commands.ts";

type Compiled = CompiledCell | ({ ok: false } & ErrorReport);

/** Compiles a cell that may use commands. */
export function compileAnyCell(source: string, cell: CellIdentity): Compiled | Promise<Compiled> {
  if (!mayUseCommands(source)) return compileCell(source, cell);
  return import("./compile-cell.ts").then((code) => code.compileWithCommands(source, cell));
}

/** The TypeScript of a cell, as `typeScriptOf` gives it. */
export function typeScriptOfAny(
  source: string,
  isVariable: (name: string) => boolean,
): string | Promise<string> {
  if (!mayUseCommands(source)) return source;
  return import("./expand-cell.ts").then((code) => code.typeScriptOf(source, isVariable));
}
