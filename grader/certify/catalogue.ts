// Finds the exercises and their solutions on disk: the same relative path in two folders.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ExerciseError } from "../errors.ts";
import type { Exercise, Solution } from "../exercise.ts";

/** An exercise with its solution. */
export interface CatalogueEntry {
  readonly exercise: Exercise;
  readonly solution: Solution;
  /** Chapter that the exercise stands in, as in the path: "part-1/p1-01-single-layer". */
  readonly chapter: string;
}

/**
 * Loads every exercise below `<root>/exercises` with its solution from `<root>/solutions`.
 *
 * @param root - the folder that holds the compiled exercises, `dist` in a clone
 * @throws {ExerciseError} when a solution is missing, or a module exports something else
 */
export async function loadCatalogue(root: string): Promise<CatalogueEntry[]> {
  const folder = join(root, "exercises");
  if (!existsSync(folder)) {
    throw new ExerciseError(
      `the exercises must lie in ${folder}, but there is no such folder. Run this in a clone of gradlab after npm ci; learners' copies hold no solutions.`,
    );
  }
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".js"))
    .map((path) => path.replaceAll("\\", "/"))
    .sort();
  return Promise.all(paths.map((path) => loadEntry(root, path)));
}

async function loadEntry(root: string, path: string): Promise<CatalogueEntry> {
  const solutionFile = join(root, "solutions", path);
  if (!existsSync(solutionFile)) {
    throw new ExerciseError(
      `every exercise needs a solution of the same path, but solutions/${path} is missing. Write it, with solution and wrongAnswers.`,
    );
  }
  const { exercise } = (await importFile(join(root, "exercises", path))) as { exercise?: Exercise };
  const { solution, wrongAnswers } = (await importFile(solutionFile)) as Partial<Solution>;
  if (!exercise || !solution || !wrongAnswers) {
    throw new ExerciseError(
      `exercises/${path} must export exercise, and solutions/${path} solution and wrongAnswers; one of them is missing. Export it.`,
    );
  }
  return {
    exercise,
    solution: { solution, wrongAnswers },
    chapter: path.split("/").slice(0, -1).join("/"),
  };
}

const importFile = (path: string): Promise<unknown> => import(pathToFileURL(path).href);
