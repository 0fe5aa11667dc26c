// A cell that was run: what the history keeps of it.

/** One cell of the history. */
export interface HistoryEntry {
  /** Number of the kernel's run; 0 in memory, before it has one. */
  readonly session: number;
  /** The number in front of the cell. */
  readonly line: number;
  readonly source: string;
  /** The plain text of its value; absent when it had none. */
  readonly output?: string | undefined;
}

/** The longest text of a cell or a value that is kept on disk, in characters. */
export const LONGEST_TEXT: number = 256 * 1024;

/** One line of a history file; a value comes on a line of its own, after its cell has ended. */
export function encodeLine(
  entry: Omit<HistoryEntry, "session" | "source"> & { source?: string },
): string {
  return `${JSON.stringify({ line: entry.line, source: entry.source, output: entry.output })}\n`;
}

/** Reads a history file; lines that are damaged, such as the last one of a killed kernel, are left out. */
export function decodeLines(text: string, session: number): HistoryEntry[] {
  const entries = new Map<number, HistoryEntry>();
  for (const part of text.split("\n")) {
    const { line, source, output } = parse(part);
    if (typeof line !== "number") continue;
    const known = entries.get(line);
    const newSource = typeof source === "string" ? source : known?.source;
    if (newSource === undefined) continue;
    const shown = typeof output === "string" ? output : known?.output;
    entries.set(line, { session, line, source: newSource, output: shown });
  }
  return [...entries.values()];
}

function parse(text: string): { line?: unknown; source?: unknown; output?: unknown } {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
}
