// What a course folder remembers: the fingerprint of every file as it was copied, so that changed files are known.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { CommandError, EXIT } from "../exit-codes.ts";
import { writeWhole } from "../write-files.ts";

/** Fingerprints by relative path. */
export type Manifest = Map<string, string>;

/** Where the manifest lies inside a course folder. */
export function manifestPath(course: string): string {
  return join(course, ".gradlab", "course.json");
}

/**
 * The manifest of a course folder, or undefined when the folder is no course.
 *
 * @throws {CommandError} when it is damaged
 */
export async function readManifest(course: string): Promise<Manifest | undefined> {
  const path = manifestPath(course);
  if (!existsSync(path)) return undefined;
  try {
    const { files } = JSON.parse(await readFile(path, "utf8")) as { files: Record<string, string> };
    return new Map(Object.entries(files));
  } catch (error) {
    const message = `${path}: expected the list of copied files, but it is damaged. Delete it: your files are kept, and changed ones are never overwritten.`;
    throw new CommandError(message, EXIT.materialFailed, { cause: error });
  }
}

/** Writes the manifest of a course folder. */
export async function writeManifest(course: string, manifest: Manifest): Promise<void> {
  const files = Object.fromEntries([...manifest].sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeWhole(manifestPath(course), `${JSON.stringify({ version: 1, files }, null, 1)}\n`);
}

/**
 * The course folder that a command means: the given one, the current one or one above it, or `course` below it.
 *
 * @throws {CommandError} when there is none
 */
export function findCourse(given: string | undefined, current: string): string {
  const above: string[] = [];
  for (let folder = resolve(current); above.at(-1) !== folder; folder = dirname(folder))
    above.push(folder);
  const candidates =
    given === undefined ? [...above, join(current, "course")] : [resolve(current, given)];
  const found = candidates.find((folder) => existsSync(manifestPath(folder)));
  if (found !== undefined) return found;
  throw new CommandError(
    `${given ?? current}: expected a course folder made by "gradlab course new", found none. Make one, or name it with --course FOLDER.`,
    EXIT.wrongUse,
  );
}
