// Where the learners' part of the exercises lies: in the course folder, or in gradlab's own installation.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readValues, writeValues } from "./json-values.ts";
import type { VisibleExercise } from "./visible.ts";

/** Writes one file per exercise; those of exercises that are no more are removed. */
export function writeVisible(folder: string, exercises: readonly VisibleExercise[]): void {
  mkdirSync(folder, { recursive: true });
  const ids = exercises.map(({ id }) => id);
  for (const id of listVisible([folder])) if (!ids.includes(id)) rmSync(join(folder, `${id}.json`));
  for (const exercise of exercises)
    writeFileSync(join(folder, `${exercise.id}.json`), `${writeValues(exercise)}\n`);
}

/** The learners' part of an exercise, or undefined when there is none of that id. */
export function findVisible(
  id: string,
  folders: readonly string[] = visibleFolders(),
): VisibleExercise | undefined {
  const file = folders
    .map((folder) => join(folder, `${id}.json`))
    .find((path) => /^[\w-]+$/.test(id) && existsSync(path));
  return file === undefined
    ? undefined
    : (readValues(readFileSync(file, "utf8")) as VisibleExercise);
}

/** Ids of all exercises that are here, in order. */
export function listVisible(folders: readonly string[] = visibleFolders()): string[] {
  const names = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder));
  return [
    ...new Set(names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5))),
  ].sort();
}

/** The nearest folder above (or at) `start` that is a learner's course, or undefined outside of one. */
export function findCourse(start: string = process.cwd()): string | undefined {
  if (existsSync(join(start, ".gradlab"))) return start;
  const parent = dirname(start);
  return parent === start ? undefined : findCourse(parent);
}

function visibleFolders(): string[] {
  const course = findCourse();
  const installed = join(
    dirname(createRequire(import.meta.url).resolve("gradlab/package.json")),
    "dist",
    "visible-checks",
  );
  return course === undefined ? [installed] : [join(course, ".gradlab", "exercises"), installed];
}
