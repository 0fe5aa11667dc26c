// What is wrong with a cell, as text: code, place, line, related places, fix.
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import type { CellDiagnostic } from "../../../kernel/language/cell-diagnostics.ts";
import { lateWarning, typeErrorReport } from "../../../kernel/language/diagnostics-report.ts";

const CODE = "const a = 1;\nneed({ alfa: a });";

const at = (line: number, from: number, to: number) => ({
  start: { line, character: from },
  end: { line, character: to },
});

function mistake(parts: Partial<CellDiagnostic> = {}): CellDiagnostic {
  return {
    code: "TS2353",
    message: "'alfa' does not exist in type 'Need'.",
    severity: "error",
    ...at(1, 7, 11),
    related: [],
    ...parts,
  };
}

const plain = (traceback: readonly string[]): string =>
  stripVTControlCharacters(traceback.join("\n"));

test("a mistake names its code, its place and the fix, and shows its line", () => {
  const related = [
    { message: "declared here.", cell: 3, ...at(0, 2, 4), text: "type Need = { alpha: number };" },
    { message: "and here.", file: "/lib/x.d.ts", ...at(9, 0, 1) },
  ];
  const fix = { title: "write alpha", edits: [] };
  const report = typeErrorReport({
    code: CODE,
    number: 7,
    diagnostics: [mistake({ related, fix })],
  });
  expect(report.ename).toBe("TS2353");
  expect(report.evalue).toBe("'alfa' does not exist in type 'Need'. (line 2)");
  expect(plain(report.traceback)).toBe(
    [
      "TS2353: 'alfa' does not exist in type 'Need'.",
      "  at cell 7, line 2, column 8",
      "  1 | const a = 1;",
      "> 2 | need({ alfa: a });",
      "    |        ^^^^",
      "  see cell 3, line 1, column 3: declared here.",
      "      type Need = { alpha: number };",
      "  see /lib/x.d.ts, line 10, column 1: and here.",
      "Fix: write alpha",
    ].join("\n"),
  );
});

test("of many mistakes the first five are shown, the rest is counted", () => {
  const diagnostics = Array.from({ length: 8 }, () => mistake());
  const { traceback } = typeErrorReport({ code: CODE, number: 1, diagnostics });
  expect(traceback).toHaveLength(6);
  expect(plain(traceback)).toMatch(/\.\.\. 3 more$/);
});

test("a late warning says that the cell has run", () => {
  const text = lateWarning({ code: CODE, number: 1, diagnostics: [mistake()] });
  expect(text).toMatch(
    /^This cell ran before its types could be checked; the check found a mistake/,
  );
  expect(text).toMatch(/\n$/);
});

test("a mistake over several lines marks the rest of its first line", () => {
  const { traceback } = typeErrorReport({
    code: CODE,
    number: 1,
    diagnostics: [mistake({ start: { line: 0, character: 6 }, end: { line: 1, character: 2 } })],
  });
  expect(plain(traceback)).toContain("    |       ^^^^^^");
});
