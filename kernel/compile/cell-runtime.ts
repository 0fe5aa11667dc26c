// The contract between compiled cells and the process that runs them: what `__gradlab` must offer.
import type { DeclaredName } from "./globals.ts";
import type { cellHelpers } from "./lowered-syntax.ts";

/** The object that compiled cells know as the global `__gradlab`. */
export interface CellRuntime {
  /** Resolves when the cell's body may start; the first thing every cell awaits. */
  gate(cellNumber: number): Promise<void>;
  /** Wraps what the cell awaits at its top level, so that an interrupt can reject it. */
  wait<T>(awaited: T): Promise<Awaited<T>>;
  /** Receives the value of a last statement that is an expression. */
  result(cellNumber: number, value: unknown): void;
  /** `import specifier`, static or dynamic; `options` is the second argument of `import()`. */
  import(
    specifier: string,
    options?: ImportCallOptions,
    names?: ImportedNames,
  ): Promise<Record<string, unknown>>;
  /** Loads the user's own files again that were edited, and gives their new values to the variables. */
  reload(live: readonly LiveImport[]): Promise<void>;
  /** Has a property that throws for each name that an import did not find. */
  missing: object;
  /** Receives what a cell throws, unless it is `new` there, and returns it. */
  throwing<T>(value: T): T;
  /** What `import.meta` is in a cell: the notebook's URL, folder and `resolve`. */
  meta: Record<string, unknown>;
  /** Functions that lowered syntax calls; always `cellHelpers` of kernel/compile/lowered-syntax.ts. */
  helpers: typeof cellHelpers;
  /** Commands of the form `%name`. */
  commands: CommandCalls;
}

/** One use of a command while its cell runs. */
export interface CommandCall {
  /** The name as it was written, which may be another one for the command. */
  readonly name?: string;
  /** The rest of the command's line. */
  readonly argument: string;
  /** The rest of the cell, for `%%name`. */
  readonly body?: string;
  /** What the code around the call hands over. */
  readonly values?: readonly unknown[];
}

/** What lines of the form `%name` have become calls of. */
export interface CommandCalls {
  /** Makes commands ready; awaited before the first statement of a cell that uses one. */
  load(names: readonly DeclaredName[]): Promise<void>;
  run(name: string, call: CommandCall): unknown;
  help(name: string): void;
  /** What a command keeps from one of its calls to the next, by the number of its use. */
  readonly marks: Record<number, unknown>;
}

/** What an import statement asks for by name. */
export interface ImportedNames {
  /** Used as values in the cell: these must be exported. */
  readonly used: readonly string[];
  /** Perhaps types, which do not exist at run time: the variable, by exported name. */
  readonly unused: Readonly<Record<string, string>>;
}

/** A variable that an import of the user's own file made. */
export interface LiveImport {
  readonly specifier: string;
  /** The exported name; undefined for the whole module. */
  readonly key?: string | undefined;
  readonly binding: string;
}

/** The second argument of `import()`. */
export interface ImportCallOptions {
  /** Import attributes, such as `{ type: "json" }`. */
  with?: Record<string, string>;
}

/** The name under which compiled cells find their `CellRuntime`. */
export const CELL_RUNTIME_NAME = "__gradlab";

/** How the call of the gate begins, wherever its number is not known. */
export const GATE_CALL: string = `await ${CELL_RUNTIME_NAME}.gate(`;

/** The first statement of every cell, after its directive. */
export function gateCall(cellNumber: number): string {
  return `${GATE_CALL}${cellNumber});`;
}
