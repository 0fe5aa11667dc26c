// Certification finds a wrong reference, a wrong answer that gets through, a stub that earns points, a chapter that disagrees.
// Covers: grader/certify/*.ts
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { loadCatalogue, type CatalogueEntry } from "../../../grader/certify/catalogue.ts";
import { certifyExercise } from "../../../grader/certify/certify.ts";
import { compareWithChapter } from "../../../grader/certify/chapter.ts";
import { loadStub } from "../../../grader/certify/stub.ts";
import type { Notebook } from "../../../nbformat/types.ts";

const DIST = fileURLToPath(new URL("../../../dist", import.meta.url));
const STUB =
  'import { NotImplemented } from "gradlab/exercises";\nfunction softmax(rows: number[][]): number[][] {\n  throw new NotImplemented("p1-01-e2");\n}';
let entry: CatalogueEntry;

beforeAll(async () => {
  entry = (await loadCatalogue(DIST)).find(({ exercise }) => exercise.id === "p1-01-e2")!;
});

function chapter(changes: { heading?: string; stub?: string; points?: number } = {}): Notebook {
  const { heading = "000-h11", stub = STUB, points = 5 } = changes;
  const nbgrader = (grade: boolean, id: string) => ({
    schema_version: 3,
    grade,
    locked: grade,
    solution: !grade,
    grade_id: id,
    ...(grade && { points }),
  });
  const code = { cell_type: "code" as const, execution_count: null, outputs: [] };
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [
      {
        cell_type: "markdown",
        id: "a",
        source: "## 1.4",
        metadata: { gradlab: { document: "000", heading } },
      },
      { cell_type: "markdown", id: "p1-01-e2-task", source: "task", metadata: {} },
      {
        ...code,
        id: "p1-01-e2-answer",
        source: stub,
        metadata: { nbgrader: nbgrader(false, "p1-01-e2-answer") },
      },
      {
        ...code,
        id: "p1-01-e2-check",
        source: 'await check("p1-01-e2", { softmax })',
        metadata: { nbgrader: nbgrader(true, "p1-01-e2") },
      },
    ],
  };
}

describe("certifying an exercise", () => {
  test("a right one is certified", async () => {
    expect(await certifyExercise(entry, chapter())).toEqual({
      id: "p1-01-e2",
      certified: true,
      points: 5,
      seeds: 20,
      wrongAnswers: { caught: 3, total: 3 },
      mutants: null,
      problems: [],
    });
  });

  test("a wrong reference is found with its seed", async () => {
    const { wrongAnswers } = entry.solution;
    const swapped = {
      ...entry,
      solution: { solution: wrongAnswers["no max subtraction"]!, wrongAnswers },
    };
    const checks = entry.exercise.visible.map((check) =>
      check.kind === "value" ? { ...check, expected: [[1, 0, 0]] } : check,
    );
    const { certified, problems } = await certifyExercise(
      { ...swapped, exercise: { ...entry.exercise, visible: checks } },
      chapter(),
    );
    expect(certified).toBe(false);
    expect(problems.join("\n")).toMatch(/the reference fails "three scores .*" with seed 20/);
  });

  test("a wrong answer that passes every hidden check is found", async () => {
    const wrongAnswers = { "no max subtraction": entry.solution.solution };
    const { wrongAnswers: count, problems } = await certifyExercise(
      { ...entry, solution: { ...entry.solution, wrongAnswers } },
      chapter(),
    );
    expect(count).toEqual({ caught: 0, total: 1 });
    expect(problems).toContain('the wrong answer "no max subtraction" passes every hidden check');
  });

  test("a stub that earns points is found", async () => {
    const stub =
      'function softmax(rows) { return rows.map((row) => row.map(() => 1 / row.length)); } // NotImplemented("p1-01-e2")';
    const { problems } = await certifyExercise(entry, chapter({ stub }));
    expect(problems.join()).toMatch(/the empty stub earns [1-9] points?/);
  });

  test("without its chapter it is not certified", async () => {
    expect((await certifyExercise(entry, undefined)).problems).toContain(
      "its chapter notebooks/part-1/p1-01-single-layer.ipynb is missing",
    );
  });
});

describe("comparing with the chapter", () => {
  test("agreement is silence", () => {
    expect(compareWithChapter(entry.exercise, chapter())).toEqual([]);
  });

  test.each([
    [{ heading: "000-h05" }, /stands under heading 000-h05, the definition says 000-h11/],
    [{ points: 4 }, /worth 4 points, the definition says 5/],
    [{ stub: "let x = 1" }, /does not name the function softmax/],
  ])("%o is named", (changes, message) => {
    expect(compareWithChapter(entry.exercise, chapter(changes)).join("\n")).toMatch(message);
  });

  test("missing cells are named", () => {
    expect(compareWithChapter(entry.exercise, { ...chapter(), cells: [] })[0]).toMatch(
      /no cell with the id p1-01-e2-task, p1-01-e2-answer, p1-01-e2-check/,
    );
  });
});

describe("reading material", () => {
  test("a stub that does not compile or declares something else is refused", () => {
    expect(() => loadStub("function softmax( {", ["softmax"])).toThrow(/must compile/);
    expect(() => loadStub("let a = 1;", ["softmax"])).toThrow(/must declare softmax/);
  });

  test("a folder without exercises says where they should be", async () => {
    const empty = mkdtempSync(`${tmpdir()}/gradlab-catalogue-`);
    await expect(loadCatalogue(empty)).rejects.toThrow(/there is no such folder/);
    rmSync(empty, { recursive: true });
  });
});
