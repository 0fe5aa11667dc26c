// What notebooks import as `gradlab/exercises`.
export { check } from "./check.ts";
export { NotImplemented } from "./errors.ts";
export { defineExercise } from "./exercise.ts";
export type { Exercise, Functions, Mistake, Solution } from "./exercise.ts";
export { progress } from "./progress-table.ts";
