// Edits of a cell's source that remember where each remaining character stood.

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Piece {
  /** Offset in the edited text. */
  readonly at: number;
  /** Offset in the source of the piece's first character. */
  readonly from: number;
  readonly length: number;
}

/** A source with edits applied. */
export interface EditedSource {
  readonly text: string;
  /** The source offset of an offset into `text`; for inserted text, the place where it was inserted. */
  toSource(offset: number): number;
}

/** Collects edits of one source, which must not overlap. */
export class SourceEdits {
  readonly #source: string;
  readonly #edits: Edit[] = [];

  /** @param source - what the offsets of all edits refer to */
  constructor(source: string) {
    this.#source = source;
  }

  /** Puts text at an offset, after what was put there before. */
  insert(at: number, text: string): void {
    if (text !== "") this.#edits.push({ start: at, end: at, text });
  }

  /** Replaces `[start, end)`. */
  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  /** Applies all edits. */
  apply(): EditedSource {
    const pieces: Piece[] = [];
    let text = "";
    let from = 0;
    const keepUntil = (end: number): void => {
      pieces.push({ at: text.length, from, length: end - from });
      text += this.#source.slice(from, end);
    };
    for (const { start, end, text: inserted } of this.#edits.toSorted(
      (a, b) => a.start - b.start,
    )) {
      keepUntil(start);
      text += inserted;
      from = end;
    }
    keepUntil(this.#source.length);
    return { text, toSource: (offset) => sourceOffset(pieces, offset) };
  }
}

function sourceOffset(pieces: readonly Piece[], offset: number): number {
  const piece = pieces.findLast(({ at }) => at <= offset)!;
  return piece.from + Math.min(offset - piece.at, piece.length);
}
