// Completion in a debug console: what stands before the cursor, and the names that it can become.

/** What is to be completed. */
export interface CompletionTarget {
  /** The expression before the last dot; undefined for a variable. */
  readonly object: string | undefined;
  readonly prefix: string;
}

/** A proposal, as the debug adapter protocol has it. */
export interface CompletionItem {
  readonly label: string;
  readonly type: "variable" | "property";
  /** Where the text that it replaces begins, from 1, and how long that is. */
  readonly start: number;
  readonly length: number;
}

const BEFORE_CURSOR =
  /((?:[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\[\d+\])*\.)*)([\p{ID_Start}$_][\p{ID_Continue}$]*)?$/u;

/** What stands before the cursor. @param column - of the cursor, from 1 */
export function completionTarget(text: string, column: number): CompletionTarget {
  const [, path = "", prefix = ""] = BEFORE_CURSOR.exec(text.slice(0, column - 1)) ?? [];
  return { object: path === "" ? undefined : path.slice(0, -1), prefix };
}

/** The names that begin as the target does, each once, in order. */
export function completionItems(
  { object, prefix }: CompletionTarget,
  names: Iterable<string>,
  column: number,
): CompletionItem[] {
  const matches = [...new Set(names)].filter((name) => name.startsWith(prefix)).sort();
  const type = object === undefined ? "variable" : "property";
  const start = column - prefix.length;
  return matches.map((label) => ({ label, type, start, length: prefix.length }));
}
