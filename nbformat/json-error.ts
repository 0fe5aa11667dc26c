// Finds where a text stops being JSON: JSON.parse says so only in some of its messages.
import type { TextPosition } from "./errors.ts";

/** The first place where a text is not JSON. */
export interface JsonError {
  readonly position: TextPosition;
  /** What would have been right there, for example `a "," or "}"`. */
  readonly expected: string;
  /** What stands there, at most 20 characters; empty at the end of the text. */
  readonly found: string;
}

type Expect = "value" | "value or ]" | "key" | "key or }" | "colon" | "comma" | "end";

const WORDS: Record<Expect, string> = {
  value: "a value",
  "value or ]": 'a value or "]"',
  key: "a name in double quotes",
  "key or }": 'a name in double quotes or "}"',
  colon: 'a ":"',
  comma: 'a "," or the closing bracket',
  end: "nothing more",
};
const SPACE = /[ \t\n\r]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** The first error of `text` as JSON, or undefined when it is JSON. */
export function findJsonError(text: string): JsonError | undefined {
  const open: ("{" | "[")[] = [];
  let expect: Expect = "value";
  let offset = 0;
  for (;;) {
    offset = skip(SPACE, text, offset);
    const char = text[offset];
    if (expect === "end" && char === undefined) return undefined;
    const step = char === undefined ? undefined : stepOver(text, offset, expect, open);
    if (step === undefined) return describe(text, offset, WORDS[expect]);
    if (typeof step !== "number") return describe(text, step.badAt, step.expected);
    expect = nextExpected(char ?? "", expect, open);
    offset = step;
  }
}

/** The line and column of a character of `text`. */
export function positionOf(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}

/** The offset after the token at `offset`, undefined when it may not stand there; opens and closes brackets. */
function stepOver(
  text: string,
  offset: number,
  expect: Expect,
  open: ("{" | "[")[],
): number | { badAt: number; expected: string } | undefined {
  const char = text[offset];
  const closes = char === "}" ? "{" : char === "]" ? "[" : undefined;
  if (closes !== undefined) {
    const allowed = expect === "comma" || expect === (char === "}" ? "key or }" : "value or ]");
    return allowed && open.pop() === closes ? offset + 1 : undefined;
  }
  if (expect === "comma") return char === "," && open.length > 0 ? offset + 1 : undefined;
  if (expect === "colon") return char === ":" ? offset + 1 : undefined;
  if (expect === "end") return undefined;
  if (char === '"') return endOfString(text, offset);
  if (expect === "key" || expect === "key or }") return undefined;
  if (char === "{" || char === "[") {
    open.push(char);
    return offset + 1;
  }
  const end = skip(SCALAR, text, offset);
  return end === offset ? undefined : end;
}

function nextExpected(char: string, expect: Expect, open: readonly string[]): Expect {
  const inside = open.at(-1);
  if (expect === "comma" && char === ",") return inside === "{" ? "key" : "value";
  if (expect === "colon") return "value";
  if (char === "{" && inside === "{" && expect.startsWith("value")) return "key or }";
  if (char === "[" && inside === "[" && expect.startsWith("value")) return "value or ]";
  if (expect === "key" || (expect === "key or }" && char !== "}")) return "colon";
  return inside === undefined ? "end" : "comma";
}

function endOfString(text: string, start: number): number | { badAt: number; expected: string } {
  let offset = start + 1;
  for (;;) {
    const code = text.charCodeAt(offset);
    if (Number.isNaN(code)) return { badAt: offset, expected: "a closing double quote" };
    if (code === 34) return offset + 1;
    if (code < 32)
      return {
        badAt: offset,
        expected: "an escape such as \\n instead of a raw control character",
      };
    if (code !== 92) {
      offset += 1;
      continue;
    }
    const end = skip(ESCAPE, text, offset);
    if (end === offset) return { badAt: offset, expected: "a JSON escape after the backslash" };
    offset = end;
  }
}

function skip(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : offset;
}

function describe(text: string, offset: number, expected: string): JsonError {
  const found = text.slice(offset, offset + 20).split("\n")[0] ?? "";
  return { position: positionOf(text, offset), expected, found };
}
