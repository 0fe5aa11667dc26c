// Names that an import asks for and a module does not export: an error that says what there is, or a type.
import { nearestTo } from "../../commands/nearest.ts";
import type { ImportedNames } from "../../compile/cell-runtime.ts";
import { ExportNotFound } from "./errors.ts";

type Exports = Record<string, unknown>;

const MOST_LISTED = 8;

/** Compares what imports ask for with what modules export. */
export class MissingExports {
  /** Has a getter that throws for each variable whose import found nothing. */
  readonly uses: Record<string, unknown> = {};
  readonly #onMissing: (variables: readonly string[]) => void;

  /** @param onMissing - told the variables whose imports found nothing, which may be types */
  constructor(onMissing: (variables: readonly string[]) => void) {
    this.#onMissing = onMissing;
  }

  /**
   * The exports that an import statement is given.
   *
   * @throws {ExportNotFound} when the cell uses a name as a value that the module does not export
   */
  check(exports: Exports, specifier: string, { used, unused }: ImportedNames): Exports {
    const keys = [...used, ...Object.keys(unused)].filter((key) => !(key in exports));
    if (keys.length === 0) return exports;
    const found = fromCommonJs(exports, keys);
    const missing = keys.filter((key) => !(key in found));
    for (const key of missing) if (used.includes(key)) throw notFound(key, specifier, exports);
    if (missing.length > 0) this.#note(missing, { exports, specifier, unused });
    return found;
  }

  #note(
    keys: readonly string[],
    {
      exports,
      specifier,
      unused,
    }: { exports: Exports; specifier: string; unused: ImportedNames["unused"] },
  ): void {
    for (const key of keys) {
      const get = (): never => {
        throw notFound(key, specifier, exports);
      };
      Object.defineProperty(this.uses, unused[key]!, { get, configurable: true });
    }
    this.#onMissing(keys.map((key) => unused[key]!));
  }
}

/** CommonJS makes its exports while it runs, so Node cannot list all of them: the object itself knows. */
function fromCommonJs(exports: Exports, keys: readonly string[]): Exports {
  const whole = exports["module.exports"] ?? exports["default"];
  if (whole === null || (typeof whole !== "object" && typeof whole !== "function")) return exports;
  const own = keys.filter((key) => key in whole);
  if (own.length === 0) return exports;
  const picked = own.map((key) => [key, (whole as Exports)[key]] as const);
  return Object.assign(Object.create(exports) as Exports, Object.fromEntries(picked));
}

function notFound(key: string, specifier: string, exports: Exports): ExportNotFound {
  const names = Object.keys(exports).filter((name) => name !== "module.exports");
  const listed = names.filter((name) => name !== "default").slice(0, MOST_LISTED);
  const more = names.length > listed.length ? ` and ${names.length - listed.length} more` : "";
  const what = listed.length === 0 ? "nothing by name" : `${listed.join(", ")}${more}`;
  return new ExportNotFound(
    `the cell expects ${key === "default" ? "a default export" : `an export ${key}`} of "${specifier}", ` +
      `which exports ${what}. ${proposal(key, specifier, names)}`,
  );
}

function proposal(key: string, specifier: string, names: readonly string[]): string {
  if (key === "default") {
    return `Name what you need, import { ... } from "${specifier}", or take all: import * as everything from "${specifier}".`;
  }
  const near = nearestTo(key, names);
  if (near !== undefined) return `Did you mean ${near}?`;
  if (names.includes("default"))
    return `Perhaps it is part of the default export: import whole from "${specifier}".`;
  return `Import a name that it exports; if ${key} is a type, do not use it as a value.`;
}
