// A cell that cannot be read: what is wrong, in which line, with a caret and the fix if one is known.
import { paint, sourceExcerpt } from "./excerpt.ts";
import type { Place } from "./positions.ts";
import type { SourceProblem } from "./transpile.ts";

/** The content of a Jupyter `error` message. */
export interface ErrorReport {
  ename: string;
  evalue: string;
  /** One string per paragraph; may hold ANSI colours and line breaks. */
  traceback: string[];
}

const MOST_PROBLEMS = 3;

/** The report of a cell with syntax errors; the first problem names it. */
export function syntaxError(
  problems: readonly SourceProblem[],
  source: string,
  cell: { number: number },
): ErrorReport {
  const sorted = problems.toSorted((a, b) => a.start - b.start);
  const shown = sorted.slice(0, MOST_PROBLEMS);
  const traceback = shown.map((problem) => paragraph(problem, source, cell.number));
  if (sorted.length > shown.length) {
    traceback.push(paint.faint(`... ${sorted.length - shown.length} more`));
  }
  const first = shown[0];
  return { ename: "SyntaxError", evalue: first ? wording(first) : "unreadable cell", traceback };
}

function paragraph(problem: SourceProblem, source: string, cellNumber: number): string {
  const at = placeOf(source, problem.start);
  const hint = hintFor(problem, source);
  return [
    `${paint.strong("SyntaxError")}: ${wording(problem)}`,
    `  at ${paint.place(`cell ${cellNumber}, line ${at.line + 1}, column ${at.column + 1}`)}`,
    ...sourceExcerpt(source, at, { width: problem.end - problem.start }),
    ...(hint ? [`${paint.strong("Fix")}: ${hint}`] : []),
  ].join("\n");
}

const wording = ({ message }: SourceProblem): string =>
  message.replace("but found `EOF`", "but the cell ends here");

function hintFor(problem: SourceProblem, source: string): string | undefined {
  if (/^\s*!\w/.test(source)) {
    return "Shell lines (!) of other kernels do not work here. Begin the cell with %%sh, or the line with %sh.";
  }
  return problem.hint;
}

/** The line and column of an offset into a text. */
export function placeOf(source: string, offset: number): Place {
  const before = source.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length - 1, column: before.at(-1)!.length };
}
