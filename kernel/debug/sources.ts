// The sources that a debugger shows: cells that front ends sent or ran, files that were imported, files on disk.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { KnownNames } from "../compile/globals.ts";
import { cellPath, type CellFiles } from "./cell-files.ts";
import { DebugError } from "./debug-error.ts";
import type { ScriptTable } from "./script-table.ts";
import { compileDumpedCell, compileFile, type CompiledSource } from "./source-compiler.ts";

/** Packages that the kernel itself loads beside the user's code. */
const OF_THE_KERNEL = /^(?:@jridgewell\/|@oxc-|oxc-|magic-string\/)/;

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
    const named = [...paths].map((path, id) => ({ id, name: fileName(path), path }));
    return named.filter(({ name }) => !OF_THE_KERNEL.test(name));
  }
}

/** A file as the list shows it: as seen from the notebook, or from the package that it belongs to. */
function fileName(path: string): string {
  const fromNotebook = relative(process.cwd(), path);
  if (!fromNotebook.startsWith("..") && !fromNotebook.includes("node_modules")) return fromNotebook;
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const name = packageName(folder);
    if (name !== undefined) return `${name}/${relative(folder, path)}`;
  }
  return path;
}

const packageNames = new Map<string, string | undefined>();

/** The name of the package whose own folder this is. */
function packageName(folder: string): string | undefined {
  if (!packageNames.has(folder)) packageNames.set(folder, readName(join(folder, "package.json")));
  return packageNames.get(folder);
}

function readName(file: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(file, "utf8")) as { name?: unknown };
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}
