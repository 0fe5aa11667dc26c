// Completion in JupyterLab's debug console, which asks for it in Python: the two questions are known, and answered.

/** JupyterLab first defines a function of IPython's, then calls it. */
export type ConsoleQuestion =
  | { readonly type: "definition" }
  | ({ readonly type: "completion" } & CompletionTarget);

/** What is to be completed. */
export interface CompletionTarget {
  /** The expression before the last dot; undefined for a variable. */
  readonly object: string | undefined;
  readonly prefix: string;
  /** Where the prefix begins and ends in the text. */
  readonly start: number;
  readonly end: number;
}

const DEFINITION = /^\s*from IPython\.core\.completer import /;
const CALL = /^getCompletionsForDebugger\((".*"), (\d+)\)$/s;
const BEFORE_CURSOR =
  /((?:[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\[\d+\])*\.)*)([\p{ID_Start}$_][\p{ID_Continue}$]*)?$/u;

/** Reads what JupyterLab evaluates for a completion; undefined for anything that a person typed. */
export function readConsoleQuestion(expression: string): ConsoleQuestion | undefined {
  if (DEFINITION.test(expression)) return { type: "definition" };
  const [, text, offset] = CALL.exec(expression) ?? [];
  if (text === undefined) return undefined;
  try {
    const target = completionTarget(JSON.parse(text) as string, Number(offset));
    return { type: "completion", ...target };
  } catch {
    return undefined;
  }
}

function completionTarget(text: string, offset: number): CompletionTarget {
  const [, path = "", prefix = ""] = BEFORE_CURSOR.exec(text.slice(0, offset)) ?? [];
  const object = path === "" ? undefined : path.slice(0, -1);
  return { object, prefix, start: offset - prefix.length, end: offset };
}

/** The answer, in the form that JupyterLab reads out of a text. */
export function completionAnswer(target: CompletionTarget, names: Iterable<string>): string {
  const matches = [...new Set(names)].filter((name) => name.startsWith(target.prefix)).sort();
  return JSON.stringify({
    matches,
    types: matches.map(() => ""),
    cursor_start: target.start,
    cursor_end: target.end,
    status: "ok",
  });
}
