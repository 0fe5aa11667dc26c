// A few lines of a cell around a place, with line numbers and a marker, for terminals and notebooks.
import type { Place } from "./positions.ts";

/**
 * Looks of tracebacks; the only place where the kernel writes ANSI codes.
 *
 * JupyterLab shows them on pink in its light theme and on dark red in its dark one, where no colour reads well in both:
 * so words are bold or plain, and red is left to marks. It shows faint text (code 2) like any other, terminals faint.
 */
export const paint = {
  mark: (text: string): string => `\u001B[31m${text}\u001B[39m`,
  place: (text: string): string => `\u001B[1m${text}\u001B[22m`,
  faint: (text: string): string => `\u001B[2m${text}\u001B[22m`,
  strong: (text: string): string => `\u001B[1m${text}\u001B[22m`,
};

const CONTEXT_LINES = 2;
const LONGEST_LINE = 160;

/** What to show around the marked place. */
export interface ExcerptOptions {
  /** How many UTF-16 units the caret underlines. */
  width?: number;
  /** Lines above and below the marked line. */
  contextLines?: number;
}

/** Lines of `source` around `at`, the marked one with an arrow and a caret below it. */
export function sourceExcerpt(source: string, at: Place, options: ExcerptOptions = {}): string[] {
  const context = options.contextLines ?? CONTEXT_LINES;
  const lines = source.split(/\r\n|\r|\n/);
  const first = Math.max(0, at.line - context);
  const last = Math.min(lines.length - 1, at.line + context);
  const digits = String(last + 1).length;
  const shown: string[] = [];
  for (let line = first; line <= last; line++) {
    const window = visiblePart(lines[line]!, line === at.line ? at.column : 0);
    const number = String(line + 1).padStart(digits);
    if (line !== at.line) {
      shown.push(`  ${paint.faint(`${number} |`)} ${window.text}`.trimEnd());
      continue;
    }
    const before = window.text.slice(0, at.column - window.start);
    const rest = displayWidth(window.text) - displayWidth(before);
    const carets = "^".repeat(Math.max(1, Math.min(options.width ?? 1, rest)));
    shown.push(`${paint.mark(">")} ${number} | ${window.text}`);
    shown.push(`  ${" ".repeat(digits)} | ${blanks(before)}${paint.mark(carets)}`);
  }
  return shown;
}

function visiblePart(line: string, column: number): { text: string; start: number } {
  if (line.length <= LONGEST_LINE) return { text: line, start: 0 };
  const start = Math.max(0, Math.min(column - LONGEST_LINE / 2, line.length - LONGEST_LINE));
  return { text: line.slice(start, start + LONGEST_LINE), start };
}

const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u;

/** Columns that a monospaced font uses: two for East Asian and emoji characters. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

/** White space as wide as `text`, tabs kept. */
function blanks(text: string): string {
  return Array.from(text, (one) => (one === "\t" ? one : " ".repeat(displayWidth(one)))).join("");
}
