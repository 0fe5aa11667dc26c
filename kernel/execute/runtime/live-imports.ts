// Variables that an import of the user's own file made follow that file when it is edited.
import { runInThisContext } from "node:vm";
import type { ImportCallOptions, LiveImport } from "../../compile/cell-runtime.ts";

type Exports = Record<string, unknown>;

/** What following files needs. */
export interface LiveImportParts {
  /** Loads a module; the same one as before while neither it nor what it imports has changed. */
  readonly load: (specifier: string, options?: ImportCallOptions) => Promise<Exports>;
  /** Told what went wrong when an edited file was loaded again. */
  readonly onFailedReload: (specifier: string, error: unknown) => void;
}

/** What an import statement asked for, and got. */
interface Given {
  readonly exports: Exports;
  /** Its attributes: a JSON file is loaded again as one. */
  readonly options: ImportCallOptions | undefined;
}

/** Loads edited files again. */
export class LiveImports {
  readonly #parts: LiveImportParts;
  /** What each file gave last, to see when it gives something new. */
  readonly #given = new Map<string, Given>();
  readonly #failures = new Map<string, string>();

  constructor(parts: LiveImportParts) {
    this.#parts = parts;
  }

  /** Notes what a file gave to an import statement. */
  note(specifier: string, exports: Exports, options?: ImportCallOptions): void {
    this.#given.set(specifier, { exports, options });
  }

  /** Loads edited files again and gives their new values to the variables that came from them. */
  async reload(live: readonly LiveImport[]): Promise<void> {
    for (const specifier of new Set(live.map((one) => one.specifier))) {
      // A file that was not there when it was imported is not followed.
      const given = this.#given.get(specifier);
      if (!given) continue;
      const exports = await this.#loadAgain(specifier, given.options);
      if (!exports || exports === given.exports) continue;
      this.#given.set(specifier, { ...given, exports });
      for (const one of live) if (one.specifier === specifier) assign(one, exports);
    }
  }

  async #loadAgain(
    specifier: string,
    options: ImportCallOptions | undefined,
  ): Promise<Exports | undefined> {
    try {
      const exports = await this.#parts.load(specifier, options);
      this.#failures.delete(specifier);
      return exports;
    } catch (error) {
      const text = String(error);
      // The file may be half written; it is tried again with the next cell, and complained about once.
      if (this.#failures.get(specifier) !== text) this.#parts.onFailedReload(specifier, error);
      this.#failures.set(specifier, text);
      return undefined;
    }
  }
}

/** Gives a variable of the script scope the value that it is imported with. */
function assign({ key, binding }: LiveImport, exports: Exports): void {
  const give = runInThisContext(`(value) => { ${binding} = value; }`) as (value: unknown) => void;
  give(key === undefined ? exports : exports[key]);
}
