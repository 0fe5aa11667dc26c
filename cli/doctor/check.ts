// What the doctor finds, and how a list of findings is shown.
import { CommandError } from "../exit-codes.ts";

/** One finding of the doctor. */
export interface DoctorCheck {
  readonly name: string;
  /** `warning`: gradlab works, something optional does not. `missing`: something required is not there. */
  readonly state: "ok" | "warning" | "missing";
  readonly detail: string;
  /** The one line that repairs it; empty when nothing is wrong. */
  readonly fix: string;
}

/** A finding with nothing to repair. */
export function ok(name: string, detail: string): DoctorCheck {
  return { name, state: "ok", detail, fix: "" };
}

const MARKS = { ok: "ok", warning: "warning", missing: "MISSING" } as const;
const COLOURS = { ok: 32, warning: 33, missing: 31 } as const;
const MARK_WIDTH = 9;

/**
 * The findings as a table: state, name, detail; the fix stands below what needs one.
 *
 * @param hasColour - whether the states are coloured, for terminals
 */
export function formatChecks(checks: readonly DoctorCheck[], hasColour: boolean): string {
  const nameWidth = Math.max(0, ...checks.map(({ name }) => name.length)) + 2;
  const indent = " ".repeat(MARK_WIDTH + nameWidth);
  return checks
    .flatMap(({ name, state, detail, fix }) => {
      const mark = MARKS[state].padEnd(MARK_WIDTH);
      const shown = hasColour ? `\u001b[${COLOURS[state]}m${mark}\u001b[0m` : mark;
      const lines = [`${shown}${name.padEnd(nameWidth)}${detail}`];
      if (fix !== "") lines.push(`${indent}fix: ${fix}`);
      return lines;
    })
    .join("\n");
}

/** What all findings mean, in a sentence. */
export function summarize(checks: readonly DoctorCheck[]): string {
  const count = (state: DoctorCheck["state"]): number =>
    checks.filter((check) => check.state === state).length;
  const missing = count("missing");
  if (missing > 0) {
    const what = missing === 1 ? "1 required thing is" : `${missing} required things are`;
    return `${what} missing: run the lines after "fix:".`;
  }
  const warnings = count("warning");
  return warnings === 0
    ? "Everything works."
    : `Everything required works; ${warnings} optional ${warnings === 1 ? "thing" : "things"} could be better.`;
}

/**
 * A finding about something required that failed.
 *
 * @param fix - what helps when the error does not say it itself
 */
export function missing(name: string, error: unknown, fix: string): DoctorCheck {
  const text = error instanceof Error ? error.message : String(error);
  const detail = text.split("\n", 1)[0] ?? "";
  // Messages of our own end with the fix, in a sentence of its own.
  const end = error instanceof CommandError ? detail.indexOf(". ") : -1;
  if (end < 0) return { name, state: "missing", detail, fix };
  return { name, state: "missing", detail: detail.slice(0, end), fix: detail.slice(end + 2) };
}
