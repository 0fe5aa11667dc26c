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

const WORD_LETTER = /^[\p{ID_Continue}$#\u200C\u200D]$/u;
const WORD_AFTER = /^[\p{ID_Continue}$\u200C\u200D]*/u;
const MEMBER_DOT = /(?:\?\.|(?<![.\d])\.|(?<=[\p{ID_Continue}$)\]]\s*)(?<!\b\d+)\.)\s*$/u;
const PLAIN_CHAIN =
  /(?:^|[^\p{ID_Continue}$.)\]"'`?])([\p{ID_Start}$_][\p{ID_Continue}$]*(?:\??\.[\p{ID_Start}$_][\p{ID_Continue}$]*|\[\d+\]|\["[^"\\\n]*"\]|\['[^'\\\n]*'\])*)\s*\??\.\s*$/u;

/** Nobody writes longer chains of members, and expressions on long texts can be slow. */
const LONGEST_CHAIN = 500;

/** The word around `offset`, or the empty word there. */
export function wordAt(code: string, offset: number): WordAtCursor {
  const start = wordStart(code, offset);
  const rest = start === offset ? "" : WORD_AFTER.exec(code.slice(offset))![0];
  return {
    start,
    end: offset + rest.length,
    prefix: code.slice(start, offset),
    isMember: MEMBER_DOT.test(code.slice(Math.max(0, start - LONGEST_CHAIN), start)),
  };
}

/** Where the word begins that touches `offset` on either side; undefined between two signs. */
export function wordTouching(code: string, offset: number): number | undefined {
  const start = wordStart(code, offset);
  const touches = start < offset || WORD_AFTER.exec(code.slice(offset))![0] !== "";
  return touches ? start : undefined;
}

/**
 * The expression in front of the dot that ends `before`, if it is made of names and constant indices only, such as
 * `model.layers[0]`.
 */
export function plainChainBefore(before: string): string | undefined {
  const near = before.slice(-LONGEST_CHAIN);
  const found = PLAIN_CHAIN.exec(near);
  const isCut = found?.index === 0 && near.length < before.length;
  return isCut ? undefined : found?.[1];
}

function wordStart(code: string, offset: number): number {
  let start = offset;
  while (start > 0) {
    const isPair = start > 1 && code.codePointAt(start - 2)! > 0xff_ff;
    const before = start - (isPair ? 2 : 1);
    if (!WORD_LETTER.test(code.slice(before, start))) break;
    start = before;
  }
  return start;
}
