// What a learner has reached, kept in the course folder: `.gradlab/progress.json`.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What is kept of one exercise. */
export interface ExerciseProgress {
  /** Most points that the visible checks gave so far. */
  readonly best: number;
  /** Points that the visible checks can give. */
  readonly of: number;
  readonly tries: number;
}

/** All exercises by id. */
export type Progress = Readonly<Record<string, ExerciseProgress>>;

// Outside of a course nothing is written; hints still go on from try to try while the kernel lives.
const forgotten = new Map<string, ExerciseProgress>();

/** What was reached in a course, or in this kernel outside of one. A damaged file counts as empty and is kept aside. */
export function readProgress(course: string | undefined): Progress {
  if (course === undefined) return Object.fromEntries(forgotten);
  const file = progressFile(course);
  if (!existsSync(file)) return {};
  const progress = parseProgress(file);
  if (progress) return progress;
  try {
    renameSync(file, `${file}.damaged`);
  } catch {
    // In a folder that nothing can be written to, it stays where it is; saving says so.
  }
  return {};
}

/** What a file holds, or undefined when that is no progress. */
function parseProgress(file: string): Progress | undefined {
  try {
    const progress: unknown = JSON.parse(readFileSync(file, "utf8"));
    const isWhole =
      isRecord(progress) &&
      Object.values(progress).every(
        (entry) =>
          isRecord(entry) &&
          ["best", "of", "tries"].every((name) => typeof entry[name] === "number"),
      );
    return isWhole ? (progress as Progress) : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Adds one try.
 *
 * @returns the new state, and a sentence when it could not be saved
 */
export function recordTry(
  course: string | undefined,
  id: string,
  points: number,
  of: number,
): { progress: Progress; problem: string } {
  const before = readProgress(course);
  const old = before[id];
  const entry = { best: Math.max(points, old?.best ?? 0), of, tries: (old?.tries ?? 0) + 1 };
  const progress = { ...before, [id]: entry };
  if (course === undefined) {
    forgotten.set(id, entry);
    return { progress, problem: "" };
  }
  return { progress, problem: save(course, progress) };
}

// A file beside it is renamed over the old one, so that a full disk or a killed process leaves the old one whole.
function save(course: string, progress: Progress): string {
  const file = progressFile(course);
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(progress, null, 1)}\n`);
    renameSync(`${file}.new`, file);
    return "";
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `Your progress could not be saved to ${file} (${reason}). Make room or make the folder writable; the points above are right all the same.`;
  }
}

function progressFile(course: string): string {
  return join(course, ".gradlab", "progress.json");
}
