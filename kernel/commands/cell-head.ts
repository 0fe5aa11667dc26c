// The first line of a `%%` cell.

/** A `%%name` line in front of a cell. */
export interface CellHead {
  readonly name: string;
  /** Offset of the first percent sign. */
  readonly start: number;
  readonly nameEnd: number;
  readonly lineEnd: number;
  /** What stands behind the name in the first line. */
  readonly rest: string;
  readonly asksForHelp: boolean;
}

// Blank lines and comments may come first.
const HEAD = /^(?:[ \t]*(?:(?:\/\/|#).*)?\r?\n)*[ \t]*(%%([A-Za-z][\w-]*)(\?{0,2}))(.*)/;

/** Reads the `%%` line of a cell, if it has one. */
export function readCellHead(source: string): CellHead | undefined {
  const match = HEAD.exec(source);
  if (!match) return undefined;
  const [whole, written, name, questionMarks, rest] = match as unknown as string[];
  const lineEnd = whole!.length;
  const nameEnd = lineEnd - rest!.length;
  return {
    name: name!,
    start: nameEnd - written!.length,
    nameEnd,
    lineEnd,
    rest: rest!.trim(),
    asksForHelp: questionMarks !== "" || /^\s+(--help|-h)\s*$/.test(rest!),
  };
}
