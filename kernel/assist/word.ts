// The word at a cursor, and what stands in front of it.

/** A word in code, in UTF-16 offsets. */
export interface WordAtCursor {
  readonly start: number;
  /** Behind the last letter; the cursor itself when no letter stands before it. */
  readonly end: number;
  /** The part before the cursor. */
  readonly prefix: string;
  /** Whether it names a member, as behind a dot. */
  readonly isMember: boolean;
}

const WORD_BEFORE = /[\p{ID_Continue}$#\u200C\u200D]*$/u;
const WORD_AFTER = /^[\p{ID_Continue}$\u200C\u200D]*/u;
const MEMBER_DOT = /(?:\?\.|(?<![.\d])\.|(?<=[\p{ID_Continue}$)\]]\s*)(?<!\b\d+)\.)\s*$/u;
const PLAIN_CHAIN =
  /(?:^|[^\p{ID_Continue}$.)\]"'`?])([\p{ID_Start}$_][\p{ID_Continue}$]*(?:\??\.[\p{ID_Start}$_][\p{ID_Continue}$]*|\[\d+\]|\["[^"\\\n]*"\]|\['[^'\\\n]*'\])*)\s*\??\.\s*$/u;

/** The word around `offset`, or the empty word there. */
export function wordAt(code: string, offset: number): WordAtCursor {
  const before = code.slice(0, offset);
  const prefix = WORD_BEFORE.exec(before)![0];
  const start = offset - prefix.length;
  const rest = prefix === "" ? "" : WORD_AFTER.exec(code.slice(offset))![0];
  return {
    start,
    end: offset + rest.length,
    prefix,
    isMember: MEMBER_DOT.test(code.slice(0, start)),
  };
}

/** Where the word begins that touches `offset` on either side; undefined between two signs. */
export function wordTouching(code: string, offset: number): number | undefined {
  const before = WORD_BEFORE.exec(code.slice(0, offset))![0];
  const touches = before !== "" || WORD_AFTER.exec(code.slice(offset))![0] !== "";
  return touches ? offset - before.length : undefined;
}

/**
 * The expression in front of the dot that ends `before`, if it is made of names and constant indices only, such as
 * `model.layers[0]`.
 */
export function plainChainBefore(before: string): string | undefined {
  return PLAIN_CHAIN.exec(before)?.[1];
}
