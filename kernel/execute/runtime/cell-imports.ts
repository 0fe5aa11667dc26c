// `import` and `require` of cells.
import module, { createRequire, isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { ModuleNotFound } from "./errors.ts";
import { createSyncHooks } from "./module-hooks.ts";
import {
  CELL_IMPORT_PREFIX,
  folderUrl,
  isNotFound,
  type ModuleFolders,
} from "./module-resolution.ts";

type StandIns = Readonly<Record<string, () => Record<string, unknown>>>;

/** Where imports of cells lead. */
export interface CellImportParts {
  /** Absolute path. */
  readonly notebookFolder: string;
  /** Absolute paths, searched for packages that the notebook's folder does not have. */
  readonly fallbackFolders: readonly string[];
  /** Modules that are made here, by name, whether or not a folder has one of this name. */
  readonly standIns: StandIns;
}

/** Imports modules for cells, from the notebook's folder. */
export class CellImports {
  readonly #folders: ModuleFolders;
  readonly #standIns: StandIns;
  readonly #made: Record<string, Record<string, unknown>> = {};
  #hasHooks = false;

  constructor(parts: CellImportParts) {
    this.#folders = {
      notebook: folderUrl(parts.notebookFolder),
      fallbacks: parts.fallbackFolders.map(folderUrl),
      cells: import.meta.url,
    };
    this.#standIns = parts.standIns;
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
   * @throws {ModuleNotFound} when no folder has it
   */
  async import(specifier: string, options?: ImportCallOptions): Promise<Record<string, unknown>> {
    const standIn = this.#standIn(specifier);
    if (standIn) return standIn;
    this.#installHooks();
    try {
      // The prefix also keeps the compiler from changing the extension of a relative path.
      return (await import(`${CELL_IMPORT_PREFIX}${specifier}`, options)) as Record<
        string,
        unknown
      >;
    } catch (error) {
      throw this.#explain(error, specifier);
    }
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
      for (const require of [own, ...others]) {
        const path = resolveWith(require, specifier);
        if (require && path !== undefined) return require(path);
      }
      return own?.(specifier);
    };
    return Object.assign(load, own) as NodeJS.Require;
  }

  /** What `import.meta` is in a cell. */
  meta(): Record<string, unknown> {
    const url = this.#folders.notebook;
    const filename = fileURLToPath(url);
    const require = createRequire(url);
    return {
      url,
      filename,
      dirname: fileURLToPath(new URL(".", url)),
      resolve: (specifier: string) => resolveFrom(specifier, url, require),
    };
  }

  /** The module made here; the same one each time, as for any module. */
  #standIn(specifier: string): Record<string, unknown> | undefined {
    const make = this.#standIns[specifier];
    if (!make) return undefined;
    this.#made[specifier] ??= make();
    return this.#made[specifier];
  }

  #explain(error: unknown, specifier: string): unknown {
    if (!this.#isMissing(error)) return error;
    return new ModuleNotFound(specifier, fileURLToPath(new URL(".", this.#folders.notebook)));
  }

  /** Whether what the cell itself imports is missing, not something that it imports in turn. */
  #isMissing(error: unknown): boolean {
    const importer = fileURLToPath(this.#folders.notebook);
    return isNotFound(error) && (error as Error).message.endsWith(` imported from ${importer}`);
  }
}

/** The second argument of `import()`. */
interface ImportCallOptions {
  with?: Record<string, string>;
}

function resolveWith(require: NodeJS.Require | undefined, specifier: string): string | undefined {
  try {
    return require?.resolve(specifier);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function resolveFrom(specifier: string, url: string, require: NodeJS.Require): string {
  if (isBuiltin(specifier)) return specifier.startsWith("node:") ? specifier : `node:${specifier}`;
  if (/^[./]|^file:/.test(specifier)) return new URL(specifier, url).href;
  return new URL(`file://${require.resolve(specifier)}`).href;
}
