// Jupyter counts a cursor in code points, JavaScript and the language server in UTF-16 units.

const ASTRAL = /[\uD800-\uDFFF]/;

/**
 * The UTF-16 offset of a cursor that a client sent.
 *
 * @param cursor - code points before the cursor; what is not a number stands for the end, as older clients mean it
 * @returns an offset inside `code`, whatever came
 */
export function offsetOfCursor(code: string, cursor: unknown): number {
  if (typeof cursor !== "number" || Number.isNaN(cursor)) return code.length;
  const points = Math.min(Math.max(Math.trunc(cursor), 0), code.length);
  if (!ASTRAL.test(code)) return points;
  let offset = 0;
  for (let left = points; left > 0 && offset < code.length; left--) {
    offset += unitsAt(code, offset);
  }
  return offset;
}

/** The cursor, in code points, at a UTF-16 offset. */
export function cursorOfOffset(code: string, offset: number): number {
  if (!ASTRAL.test(code)) return offset;
  let points = 0;
  for (let at = 0; at < offset; at += unitsAt(code, at)) points++;
  return points;
}

const unitsAt = (code: string, offset: number): number =>
  code.codePointAt(offset)! > 0xff_ff ? 2 : 1;
