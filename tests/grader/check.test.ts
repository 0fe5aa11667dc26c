// A learner's answers meet the visible checks: points, named mistakes, hints, progress and wrong use.
// Covers: grader/card/*.ts, grader/progress.ts, grader/progress-table.ts, grader/release/*.ts, grader/errors.ts
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { check, checkExercise } from "../../grader/check.ts";
import { loadCatalogue, type CatalogueEntry } from "../../grader/certify/catalogue.ts";
import { NotImplemented } from "../../grader/errors.ts";
import type { Functions } from "../../grader/exercise.ts";
import { readProgress, recordTry } from "../../grader/progress.ts";
import { ProgressTable } from "../../grader/progress-table.ts";
import { prepareChecks } from "../../grader/release/prepare.ts";
import { readValues, writeValues } from "../../grader/release/json-values.ts";
import { findCourse, findVisible, listVisible, writeVisible } from "../../grader/release/store.ts";
import { makeVisible, type VisibleExercise } from "../../grader/release/visible.ts";
import { writeVisibleChecks } from "../../grader/release/write-visible.ts";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gradlab-check-"));
const course = join(folder, "course");
let softmax: CatalogueEntry;
let visible: VisibleExercise;

beforeAll(async () => {
  mkdirSync(join(course, ".gradlab"), { recursive: true });
  await writeVisibleChecks(DIST);
  softmax = (await loadCatalogue(DIST)).find(({ exercise }) => exercise.id === "p1-01-e2")!;
  visible = await makeVisible(softmax.exercise, softmax.solution);
});
afterAll(() => rmSync(folder, { recursive: true }));

const answer = (functions: Functions) => checkExercise(visible, functions, course);
const bundleOf = (value: unknown) =>
  (value as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!();

describe("checking an answer", () => {
  test("the right answer earns every visible point, and the card says how many more there are", async () => {
    const card = await answer(softmax.solution.solution);
    expect(card.points).toBe(2);
    expect(card.toString()).toContain(
      "2 of 2 points here, 5 in all: 4 more checks run on submission",
    );
    expect(card.content).toMatchObject({ hint: "", mistake: "" });
  });

  test("a wrong answer is told where it differs first, and a known mistake by its name", async () => {
    const card = await answer(softmax.solution.wrongAnswers["normalises columns"]!);
    expect(card.points).toBe(0);
    expect(card.toString()).toMatch(/returned 1 at \[0\]\[0\], expected 0\.76886/);
    expect(card.content.mistake).toMatch(/columns sum to one, not the rows/);
  });

  test("hints go on from try to try, and the last one stays", async () => {
    const own = join(folder, "hints");
    mkdirSync(join(own, ".gradlab"), { recursive: true });
    const places: string[] = [];
    for (let attempt = 0; attempt < 5; attempt++) {
      places.push((await checkExercise(visible, { softmax: () => [[0]] }, own)).content.hintPlace);
    }
    expect(places).toEqual(["1 of 3", "2 of 3", "3 of 3", "3 of 3", "3 of 3"]);
  });

  test("an unwritten function gives a card, not an error, and counts as no try", async () => {
    const own = join(folder, "unwritten");
    mkdirSync(join(own, ".gradlab"), { recursive: true });
    const stub = {
      softmax: () => {
        throw new NotImplemented("p1-01-e2");
      },
    };
    await checkExercise(visible, stub, own);
    const card = await checkExercise(visible, stub, own);
    expect(card.content.unwritten).toBe(true);
    expect(card.content.hintPlace).toBe("1 of 3");
    expect(card.toString()).toContain("not written yet");
    expect(bundleOf(card)["text/html"]).toContain('aria-label="still to do"');
  });

  test("the plain text is the bare number of points, as nbgrader reads it", async () => {
    const bundle = bundleOf(await answer(softmax.solution.solution));
    expect(bundle["text/plain"]).toBe("2");
    expect(bundle["text/markdown"]).toContain("[ok] rows sum to one (1 point)");
  });

  test("the HTML speaks to a screen reader, escapes what a learner returned, and carries no script", async () => {
    const html = bundleOf(await answer({ softmax: () => "<script>alert(1)</script>" }))[
      "text/html"
    ]!;
    expect(html).toContain('aria-label="Check of p1-01-e2, Stable softmax"');
    expect(html).toContain('aria-label="not passed"');
    expect(html).not.toContain("<script");
    expect(html).toContain("&lt;script&gt;");
  });
});

describe("calling check wrongly", () => {
  test.each<[string, unknown, RegExp]>([
    [
      "p1-01-e2",
      { softmax: 3 },
      /needs the function softmax, got number\. Call it as: await check\("p1-01-e2", \{ softmax \}\)/,
    ],
    ["p1-01-e2", { collapseLinear: () => 1 }, /needs the function softmax, got collapseLinear/],
    ["p1-01-e2", () => 1, /got a function without its name/],
    ["p1-01-e2", undefined, /got nothing of that name/],
    ["p1-01-e99", {}, /must name an exercise, got "p1-01-e99"\. Known here: p1-01-e1, p1-01-e2/],
    ["../../etc/passwd", {}, /must name an exercise/],
  ])("check(%j, %o) says what is expected", async (id, functions, message) => {
    await expect(check(id, functions as Functions)).rejects.toThrow(message);
  });
});

describe("progress", () => {
  test("the best of all tries is kept in the course folder", () => {
    const own = join(folder, "progress");
    mkdirSync(join(own, ".gradlab"), { recursive: true });
    recordTry(own, "p1-01-e1", 2, 2);
    recordTry(own, "p1-01-e1", 0, 2);
    expect(readProgress(own)).toEqual({ "p1-01-e1": { best: 2, of: 2, tries: 2 } });
    expect(JSON.parse(readFileSync(join(own, ".gradlab/progress.json"), "utf8"))).toEqual(
      readProgress(own),
    );
  });

  test.each([
    ["half of one", '{"p1-01'],
    ["nothing", "null"],
    ["a list", "[]"],
    ["other entries", '{"p1-01-e1":{"best":"all"}}'],
  ])("a file that holds %s is put aside and counts as empty", (what, text) => {
    const own = join(folder, `damaged-${what.replaceAll(" ", "-")}`);
    mkdirSync(join(own, ".gradlab"), { recursive: true });
    writeFileSync(join(own, ".gradlab/progress.json"), text);
    expect(readProgress(own)).toEqual({});
    expect(existsSync(join(own, ".gradlab/progress.json.damaged"))).toBe(true);
  });

  test("a folder that cannot be written gives a notice, not an error", () => {
    const { problem } = recordTry(join(folder, "missing"), "p1-01-e1", 1, 2);
    expect(problem).toMatch(/could not be saved .* Make room or make the folder writable/);
  });

  test("outside of a course nothing is written, but tries count", () => {
    recordTry(undefined, "p1-01-e3", 1, 2);
    expect(readProgress(undefined)["p1-01-e3"]).toEqual({ best: 1, of: 2, tries: 1 });
  });

  test("the table shows itself as text and HTML", () => {
    const table = new ProgressTable([{ id: "p1-01-e1", title: "a < b", best: 1, of: 2, tries: 3 }]);
    expect(bundleOf(table)["text/plain"]).toBe("p1-01-e1  1 of 2  3 tries  a < b");
    expect(bundleOf(table)["text/html"]).toContain("a &lt; b");
  });
});

describe("what learners receive", () => {
  test("holds no hidden check, no reference and no wrong answer", () => {
    const text = writeValues(visible);
    for (const { name } of softmax.exercise.hidden) expect(text).not.toContain(name);
    for (const name of Object.keys(softmax.solution.wrongAnswers)) expect(text).not.toContain(name);
  });

  test("is found in the course folder and lists its ids", () => {
    const own = join(folder, "store");
    writeVisible(own, [visible]);
    expect(findVisible("p1-01-e2", [own])).toEqual(visible);
    expect(findVisible("p1-01-e8", [own])).toBeUndefined();
    expect(listVisible([own])).toEqual(["p1-01-e2"]);
    expect(findCourse(join(course, "part-1"))).toBe(course);
  });

  test("numbers that JSON has no words for survive", () => {
    const values = { a: [Number.NaN, Infinity, -Infinity, 1.5] };
    expect(readValues(writeValues(values))).toEqual(values);
  });

  test("the same seed draws the same arguments, another seed others", async () => {
    const draw = (seed: number) =>
      prepareChecks(softmax.exercise.hidden, softmax.solution.solution, seed);
    expect(await draw(3)).toEqual(await draw(3));
    expect(await draw(3)).not.toEqual(await draw(4));
  });
});
