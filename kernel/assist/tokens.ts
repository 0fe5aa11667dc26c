// Cuts TypeScript into words, strings, comments and signs: enough to colour a signature and to know where a cursor is.

/** What a token is. `plain` covers signs, blanks and names. */
export type TokenKind = "keyword" | "type" | "name" | "string" | "number" | "comment" | "plain";

/** A piece of code. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** UTF-16 offset in the code. */
  readonly start: number;
}

// Strings and comments that nobody closed reach to the end of their line or of the code.
const TOKEN = new RegExp(
  [
    String.raw`(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))`,
    String.raw`(?<string>"(?:[^"\\\n]|\\[\s\S])*(?:"|(?=\n)|$)|'(?:[^'\\\n]|\\[\s\S])*(?:'|(?=\n)|$)|` +
      "`(?:[^`\\\\]|\\\\[\\s\\S])*(?:`|$))",
    String.raw`(?<number>\b\d[\w.]*)`,
    String.raw`(?<name>[\p{ID_Start}$_#][\p{ID_Continue}$]*)`,
    String.raw`(?<plain>[\s\S])`,
  ].join("|"),
  "gu",
);

/** Words of the language that may stand in an expression or begin a statement. */
export const KEYWORDS: readonly string[] =
  `abstract as asserts async await break case catch class const continue debugger declare default delete do else enum
  export extends false finally for from function get if implements import in infer instanceof interface is keyof let
  namespace new null of out override private protected public readonly return satisfies set static super switch this
  throw true try type typeof undefined unique using var void while with yield`.split(/\s+/);

const TYPES =
  "any bigint boolean never null number object string symbol undefined unknown void true false";
const KEYWORD_SET = new Set(KEYWORDS);
const TYPE_SET = new Set(TYPES.split(" "));

/** The tokens of `code`, in order and without gaps. */
export function tokensOf(code: string): Token[] {
  const tokens: Token[] = [];
  for (const { 0: text, index: start, groups } of code.matchAll(TOKEN)) {
    const found = Object.keys(groups!).find((name) => groups![name] !== undefined);
    const kind = found === "name" ? kindOfWord(text) : (found as TokenKind);
    tokens.push({ kind, text, start });
  }
  return tokens;
}

/** The string or comment that `offset` stands in. */
export function quietTokenAt(code: string, offset: number): Token | undefined {
  const token = tokensOf(code).find(
    ({ start, text }) => start < offset && offset <= start + text.length,
  );
  if (token?.kind !== "string" && token?.kind !== "comment") return undefined;
  return offset < token.start + token.text.length || !isClosed(token) ? token : undefined;
}

const isClosed = ({ kind, text }: Token): boolean =>
  kind === "string" ? text.length > 1 && text.endsWith(text[0]!) : text.endsWith("*/");

function kindOfWord(word: string): TokenKind {
  if (TYPE_SET.has(word)) return "type";
  return KEYWORD_SET.has(word) ? "keyword" : "name";
}
