// The sources that a debugger shows: cells that front ends sent or ran, files that were imported, files on disk.
import { existsSync, readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import type { KnownNames } from "../compile/globals.ts";
import { cellPath, type CellFiles } from "./cell-files.ts";
import { DebugError } from "./debug-error.ts";
import type { ScriptTable } from "./script-table.ts";
import { compileDumpedCell, compileFile, type CompiledSource } from "./source-compiler.ts";

/** A file in the list of sources. */
export interface SourceFile {
  readonly id: number;
  readonly name: string;
  readonly path: string;
}

/** Finds sources by their paths. */
export class Sources {
  readonly #scripts: ScriptTable;
  readonly #files: CellFiles;
  readonly #names: KnownNames;
  readonly #dumped = new Map<string, string>();

  constructor(scripts: ScriptTable, options: { files: CellFiles; names: KnownNames }) {
    this.#scripts = scripts;
    this.#files = options.files;
    this.#names = options.names;
  }

  /** Keeps the text of a cell. @returns its path */
  keep(code: string): string {
    const path = cellPath(code, this.#files);
    this.#dumped.set(path, code);
    return path;
  }

  /**
   * The text of a source.
   *
   * @throws {DebugError} when there is none at this path
   */
  async read(path: string): Promise<string> {
    const [script] = [...this.#scripts.cellsAt(path), ...(await this.#scripts.filesAt(path))];
    const content = this.#dumped.get(path) ?? script?.content;
    if (content !== undefined) return content;
    if (!existsSync(path)) throw new DebugError("source unavailable");
    return readFileSync(path, "utf8");
  }

  /** A source as it would be loaded now. */
  compile(path: string): CompiledSource | undefined {
    const code = this.#dumped.get(path);
    return code === undefined ? compileFile(path) : compileDumpedCell(code, this.#names);
  }

  /** The files that were imported. */
  async files(): Promise<SourceFile[]> {
    const paths = new Set((await this.#scripts.files()).map(({ path }) => path));
    return [...paths].map((path, id) => ({ id, name: fileName(path), path }));
  }
}

/** A file as the list shows it: a package by its name, others as seen from the notebook. */
function fileName(path: string): string {
  const inPackage = path.split(`${sep}node_modules${sep}`).at(-1) ?? path;
  return inPackage === path ? relative(process.cwd(), path) : inPackage;
}
