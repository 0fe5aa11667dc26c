// Places in the language server's answers: lines counted from a cell's first line, offsets as lines and columns.

/** A place as the language server counts: from 0, columns in UTF-16 units. */
export interface LspPosition {
  readonly line: number;
  readonly character: number;
}

/** A stretch of text. */
export interface LspRange {
  readonly start: LspPosition;
  readonly end: LspPosition;
}

/** The place of an offset, in UTF-16 units, in a text. */
export function positionAt(text: string, offset: number): LspPosition {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length - 1, character: lines.at(-1)!.length };
}

/** The offset of a place, in UTF-16 units; places beyond the text become its ends. */
export function offsetAt(text: string, { line, character }: LspPosition): number {
  if (line < 0) return 0;
  let start = 0;
  for (let passed = 0; passed < line; passed++) {
    const next = /\r\n|\r|\n/g;
    next.lastIndex = start;
    const found = next.exec(text);
    if (!found) return text.length;
    start = found.index + found[0].length;
  }
  return Math.min(start + character, text.length);
}

/**
 * Moves every range in an answer up by so many lines; what stood before the first line moves to its start.
 *
 * @param isCell - whether an address in the answer is that of a cell; ranges of other files stay
 */
export function liftRanges(
  value: unknown,
  lines: number,
  isCell: (uri: string) => boolean = () => true,
): unknown {
  if (Array.isArray(value)) return value.map((one) => liftRanges(one, lines, isCell));
  if (typeof value !== "object" || value === null) return value;
  if (isRange(value)) return { start: lift(value.start, lines), end: lift(value.end, lines) };
  const { uri, targetUri = uri } = value as { uri?: unknown; targetUri?: unknown };
  if (typeof targetUri === "string" && !isCell(targetUri)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, liftRanges(inner, lines, isCell)]),
  );
}

function lift({ line, character }: LspPosition, lines: number): LspPosition {
  return line < lines ? { line: 0, character: 0 } : { line: line - lines, character };
}

function isRange(value: object): value is LspRange {
  const { start, end } = value as Partial<LspRange>;
  return typeof start?.line === "number" && typeof end?.line === "number";
}
