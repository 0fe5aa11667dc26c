// The path under which a debugger knows a cell: made from its text alone, so that both sides can compute it.
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { murmur2 } from "./murmur.ts";

/** How paths of cells are made; a front end gets these with `debugInfo`. */
export interface CellFiles {
  readonly hashMethod: "Murmur2";
  readonly hashSeed: number;
  readonly tmpFilePrefix: string;
  readonly tmpFileSuffix: string;
}

/**
 * The paths of this kernel's cells. No file is ever written there.
 *
 * JupyterLab shows `Cell [3]` instead of a path that contains `ipykernel_`, and no other.
 */
export function cellFiles(processId: number = process.pid): CellFiles {
  return {
    hashMethod: "Murmur2",
    hashSeed: 0x67726164,
    tmpFilePrefix: join(tmpdir(), `gradlab_ipykernel_${processId}`) + sep,
    tmpFileSuffix: ".ts",
  };
}

/** The path of a cell. */
export function cellPath(code: string, files: CellFiles): string {
  return `${files.tmpFilePrefix}${murmur2(code, files.hashSeed)}${files.tmpFileSuffix}`;
}
