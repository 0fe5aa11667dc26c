// A module made of one cell, which exists only for the language server.
import type { CellSyntax } from "./cell-syntax.ts";

/** Files of cells are called so; no file of that name is ever written. */
export const CELL_FILE_PREFIX = "__cell_";

/** A module made of one cell. */
export interface CellFile {
  /** File name in the notebook's folder. */
  readonly name: string;
  /** What the server is shown; simpler when the cell has become one of very many old ones. */
  text: string;
  /** The cell's own code. */
  readonly code: string;
  /** Lines that stand before the cell's first line. */
  readonly lineShift: number;
  /** Files of earlier cells that it imports. */
  imports: readonly CellFile[];
  readonly syntax: CellSyntax;
  /** Names of earlier cells that it mentions. */
  readonly borrowed: ReadonlySet<string>;
}

/**
 * Lets all that a file declares be of any type, so that it needs no other file any more.
 *
 * A cell that runs a thousand times, each time from its own last result, would be a chain of a thousand files.
 */
export function loosen(file: CellFile): void {
  const lines = [...file.syntax.declared].flatMap(([name, role]) => [
    ...(role === "type" ? [] : [`export declare let ${name}: any;`]),
    ...(role === "type" || role === "both" ? [`export type ${name} = any;`] : []),
  ]);
  file.text = `${lines.join("\n")}\nexport {};\n`;
  file.imports = [];
}
