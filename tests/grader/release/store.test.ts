// Where the learners' part of the exercises lies, and what is found there.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findVisible, listVisible, writeVisible } from "../../../grader/release/store.ts";
import type { VisibleExercise } from "../../../grader/release/visible.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlab-visible-"));
afterAll(() => rmSync(folder, { recursive: true }));

const exercise = (id: string): VisibleExercise => ({
  id,
  title: "Double",
  section: "000-h01",
  points: 2,
  hiddenChecks: 1,
  functions: ["double"],
  checks: [],
  hints: [],
  mistakes: [],
});

test("what is written is found again, and an exercise that is no more is not", () => {
  writeVisible(folder, [exercise("p9-01-e1"), exercise("p9-01-e2")]);
  expect(listVisible([folder])).toEqual(["p9-01-e1", "p9-01-e2"]);
  expect(findVisible("p9-01-e1", [folder])).toEqual(exercise("p9-01-e1"));
  writeVisible(folder, [exercise("p9-01-e2")]);
  expect(listVisible([folder])).toEqual(["p9-01-e2"]);
  expect(findVisible("p9-01-e1", [folder])).toBeUndefined();
});

test("no id leads out of the folder", () => {
  writeFileSync(join(folder, "..", "gradlab-outside.json"), "{}");
  expect(findVisible("../gradlab-outside", [folder])).toBeUndefined();
  rmSync(join(folder, "..", "gradlab-outside.json"));
});
