// Whether a console should run what was typed or wait for another line; the parser decides.
import { transpile } from "./transpile.ts";
import type { SourceProblem } from "./transpile.ts";

/** The content of an `is_complete_reply`. */
export interface Completeness {
  status: "complete" | "incomplete" | "invalid";
  /** White space to start the next line with; empty unless incomplete. */
  indent: string;
}

/** Tells whether `code` could run, needs more text, or is wrong whatever follows. */
export function checkComplete(code: string): Completeness {
  const status = statusOf(code);
  return { status, indent: status === "incomplete" ? nextIndent(code) : "" };
}

function statusOf(code: string): Completeness["status"] {
  const result = transpile(code);
  if (!("problems" in result)) return "complete";
  if (isUnfinished(result.problems, code)) return "incomplete";
  return [asObject, closed, closedAfterValue, closedAsParameters].some((probe) =>
    couldContinue(code, probe),
  )
    ? "incomplete"
    : "invalid";
}

// Where the parser blames an earlier token (a generic arrow function read as a type assertion, an
// object read as a block), a continuation that it accepts proves that the text is only unfinished.
const asObject = (code: string): string => (/^\s*\{/.test(code) ? `(${code}` : code);
const closed = (code: string): string => code + missingClosers(code);
const closedAfterValue = (code: string): string => `${code} 0${missingClosers(code)}`;

const closedAsParameters = (code: string): string =>
  code + missingClosers(code).replace(/^\)/, ") => 0");

function couldContinue(code: string, probe: (code: string) => string): boolean {
  const continued = probe(code);
  if (continued === code) return false;
  const result = transpile(continued);
  return !("problems" in result) || isUnfinished(result.problems, continued);
}

const CLOSER: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const SKIPPED = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\/.*|\/\*[^]*?\*\//g;

function missingClosers(code: string): string {
  const open: string[] = [];
  for (const [bracket] of code.replace(SKIPPED, "").matchAll(/[([{)\]}]/g)) {
    const closer = CLOSER[bracket];
    if (closer) open.push(closer);
    else if (open.pop() !== bracket) return "";
  }
  return open.reverse().join("");
}

function isUnfinished(problems: readonly SourceProblem[], code: string): boolean {
  const first = problems.toSorted((a, b) => a.start - b.start)[0];
  if (!first) return false;
  const { message, start, end } = first;
  const textEnd = code.trimEnd().length;
  if (message === "Unterminated multiline comment" || message === "Unterminated template") {
    return true;
  }
  if (message === "Unterminated string") return end >= textEnd;
  if (NEEDS_MORE.some((pattern) => pattern.test(message))) return end >= textEnd;
  return start >= textEnd;
}

// Problems that the parser reports at the last token although only the next one is missing.
const NEEDS_MORE = [
  /^Missing initializer/,
  /^Missing catch or finally/,
  /^Identifier expected after/,
];

const INDENT = "  ";

function nextIndent(code: string): string {
  const lines = code.split(/\r\n|\r|\n/);
  const last = lines.findLast((line) => line.trim() !== "") ?? "";
  const own = /^\s*/.exec(last)![0];
  return /(?:[([{=:?<]|=>|&&|\|\||[-+*/])\s*(?:\/\/.*)?$/.test(last) ? own + INDENT : own;
}
