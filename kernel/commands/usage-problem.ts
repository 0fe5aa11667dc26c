// A command that cannot be run as it is written: which one, where, and how to write it.
import { paint, sourceExcerpt } from "../compile/excerpt.ts";
import { placeOf, type ErrorReport } from "../compile/syntax-error.ts";
import { nearestTo } from "./nearest.ts";
import { CELL_COMMANDS } from "./table.ts";

/** What is wrong with a command, and where it stands in the cell. */
export interface UsageProblem {
  /** In three parts. */
  readonly problem: string;
  readonly start: number;
  readonly end: number;
}

/** The report of a cell that is not run because of a command. */
export function usageReport(
  { problem, start, end }: UsageProblem,
  source: string,
  cell: { readonly number: number },
): ErrorReport {
  const at = placeOf(source, start);
  const lines = [
    `${paint.strong("UsageError")}: ${problem}`,
    `  at ${paint.place(`cell ${cell.number}, line ${at.line + 1}, column ${at.column + 1}`)}`,
    ...sourceExcerpt(source, at, { width: end - start }),
  ];
  return { ename: "UsageError", evalue: problem, traceback: [lines.join("\n")] };
}

/** Words the problem of a command that does not exist. */
export function unknownCommand(written: string): string {
  const sign = written.startsWith("%%") ? "%%" : "%";
  const names = CELL_COMMANDS.map(({ name }) => name);
  const near = nearestTo(written.slice(sign.length), names);
  const nearForm =
    near !== undefined &&
    CELL_COMMANDS.some(
      ({ name, forms }) => name === near && forms.includes(sign === "%" ? "line" : "cell"),
    );
  const proposal =
    near === undefined
      ? ""
      : `Did you mean ${nearForm ? sign : sign === "%" ? "%%" : "%"}${near}? `;
  const all = CELL_COMMANDS.map(({ name, forms }) => (forms[0] === "line" ? "%" : "%%") + name);
  return (
    `the cell expects a command that this kernel has; got ${written}. ` +
    `${proposal}The commands are ${all.join(", ")}; %help explains them.`
  );
}
