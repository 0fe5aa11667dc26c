// The contract between compiled cells and the process that runs them: what `__gradlab` must offer.
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
  import(specifier: string, options?: ImportCallOptions): Promise<Record<string, unknown>>;
  /** Receives what a cell throws, unless it is `new` there, and returns it. */
  throwing<T>(value: T): T;
  /** What `import.meta` is in a cell: the notebook's URL, folder and `resolve`. */
  meta: Record<string, unknown>;
  /** Functions that lowered syntax calls; always `cellHelpers` of kernel/compile/lowered-syntax.ts. */
  helpers: typeof cellHelpers;
}

/** The second argument of `import()`. */
export interface ImportCallOptions {
  /** Import attributes, such as `{ type: "json" }`. */
  with?: Record<string, string>;
}

/** The name under which compiled cells find their `CellRuntime`. */
export const CELL_RUNTIME_NAME = "__gradlab";
