// `import` and `require` of cells.
import module, { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ImportCallOptions, ImportedNames, LiveImport } from "../../compile/cell-runtime.ts";
import { ModuleNotFound } from "./errors.ts";
import { mayBeInstalled, packageName } from "./installed-packages.ts";
import { LiveImports } from "./live-imports.ts";
import { MissingExports } from "./missing-exports.ts";
import { createSyncHooks } from "./module-hooks.ts";
import {
  CELL_IMPORT_PREFIX,
  folderUrl,
  isNotFound,
  type ModuleFolders,
} from "./module-resolution.ts";

type Exports = Record<string, unknown>;
type StandIns = Readonly<Record<string, () => Record<string, unknown>>>;

/** Where imports of cells lead. */
export interface CellImportParts {
  /** Absolute path. */
  readonly notebookFolder: string;
  /** Absolute paths, searched for packages that the notebook's folder does not have. */
  readonly fallbackFolders: readonly string[];
  /** Modules that are made here, by name, whether or not a folder has one of this name. */
  readonly standIns: StandIns;
  /** Told variables whose imports found nothing, which is right for types. */
  readonly onMissing: (variables: readonly string[]) => void;
  /** Told what went wrong when an edited file was loaded again. */
  readonly onFailedReload: (specifier: string, error: unknown) => void;
}

/** Imports modules for cells, from the notebook's folder. */
export class CellImports {
  readonly #folders: ModuleFolders;
  readonly #standIns: StandIns;
  readonly #missing: MissingExports;
  readonly #live: LiveImports;
  readonly #made: Record<string, Record<string, unknown>> = {};
  #hasHooks = false;

  constructor(parts: CellImportParts) {
    this.#folders = {
      notebook: folderUrl(parts.notebookFolder),
      fallbacks: parts.fallbackFolders.map(folderUrl),
      cells: import.meta.url,
    };
    this.#standIns = parts.standIns;
    this.#missing = new MissingExports(parts.onMissing);
    this.#live = new LiveImports({
      load: (specifier, options) => this.#load(specifier, options),
      onFailedReload: parts.onFailedReload,
    });
  }

  /** Has a getter that throws for each variable whose import found nothing. */
  get missing(): object {
    return this.#missing.uses;
  }

  /** Loads edited files again and gives their new values to the variables that came from them. */
  reload(live: readonly LiveImport[]): Promise<void> {
    return this.#live.reload(live);
  }

  /**
   * Puts the loader hooks in place before the first import: on Node 20 they run in a thread of their own, which
   * a notebook that imports nothing should not have to start.
   */
  #installHooks(): void {
    if (this.#hasHooks) return;
    this.#hasHooks = true;
    const { registerHooks } = module as { registerHooks?: (hooks: object) => void };
    if (registerHooks) registerHooks(createSyncHooks(this.#folders));
    else module.register("./module-hooks-thread.js", import.meta.url, { data: this.#folders });
  }

  /**
   * What `import specifier` of a cell has become.
   *
   * @param names - what an import statement asks for by name
   * @throws {ModuleNotFound} when no folder has it
   * @throws {ExportNotFound} when it lacks a name that the cell uses
   */
  async import(
    specifier: string,
    options?: ImportCallOptions,
    names?: ImportedNames,
  ): Promise<Exports> {
    const exports = await this.#load(specifier, options, names);
    this.#live.note(specifier, exports, options);
    return names ? this.#missing.check(exports, specifier, names) : exports;
  }

  async #load(
    specifier: string,
    options?: ImportCallOptions,
    names?: ImportedNames,
  ): Promise<Exports> {
    const standIn = this.#standIn(specifier);
    if (standIn) return standIn;
    this.#installHooks();
    try {
      // The prefix also keeps the compiler from changing the extension of a relative path.
      return (await import(`${CELL_IMPORT_PREFIX}${specifier}`, options)) as Exports;
    } catch (error) {
      if (!this.#isMissing(error)) throw error;
      if (names?.used.length === 0 && this.#hasTypesOf(specifier)) return {};
      throw this.#notFound(specifier);
    }
  }

  #notFound(specifier: string): ModuleNotFound {
    return new ModuleNotFound(specifier, fileURLToPath(new URL(".", this.#folders.notebook)));
  }

  /** Whether a package is there that has nothing to run: it was installed for its types. */
  #hasTypesOf(specifier: string): boolean {
    const name = packageName(specifier);
    if (name === undefined) return false;
    const typesName = `@types/${name.replace(/^@(.+)\/(.+)$/, "$1__$2")}`;
    return [this.#folders.notebook, ...this.#folders.fallbacks]
      .flatMap((folder) => createRequire(folder).resolve.paths(name) ?? [])
      .some((path) => existsSync(join(path, name)) || existsSync(join(path, typesName)));
  }

  /** The `require` global. */
  requireFunction(): NodeJS.Require {
    const [own, ...others] = [this.#folders.notebook, ...this.#folders.fallbacks].map(
      createRequire,
    );
    const load = (specifier: string): unknown => {
      const standIn = this.#standIn(specifier);
      if (standIn) return standIn;
      this.#installHooks();
      const folders = [this.#folders.notebook, ...this.#folders.fallbacks];
      for (const [at, require] of [own, ...others].entries()) {
        if (!mayBeInstalled(specifier, folders[at]!)) continue;
        const path = resolveWith(require, specifier);
        if (require && path !== undefined) return require(path);
      }
      throw this.#notFound(specifier);
    };
    return Object.assign(load, own) as NodeJS.Require;
  }

  /** What `import.meta` is in a cell. */
  meta(): Record<string, unknown> {
    const url = this.#folders.notebook;
    const filename = fileURLToPath(url);
    return {
      url,
      filename,
      dirname: fileURLToPath(new URL(".", url)),
      resolve: (specifier: string) => this.#resolve(specifier),
    };
  }

  #resolve(specifier: string): string {
    if (/^\.{0,2}\/|^\w[\w+.-]*:/.test(specifier))
      return new URL(specifier, this.#folders.notebook).href;
    this.#installHooks();
    return import.meta.resolve(`${CELL_IMPORT_PREFIX}${specifier}`);
  }

  /** The module made here; the same one each time, as for any module. */
  #standIn(specifier: string): Record<string, unknown> | undefined {
    const make = this.#standIns[specifier];
    if (!make) return undefined;
    this.#made[specifier] ??= make();
    return this.#made[specifier];
  }

  /** Whether what the cell itself imports is missing, not something that it imports in turn. */
  #isMissing(error: unknown): boolean {
    const importer = fileURLToPath(this.#folders.notebook);
    return isNotFound(error) && (error as Error).message.endsWith(` imported from ${importer}`);
  }
}

function resolveWith(require: NodeJS.Require | undefined, specifier: string): string | undefined {
  try {
    return require?.resolve(specifier);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
