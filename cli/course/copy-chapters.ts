// Copying chapters into a learner's folder without ever touching what the learner changed.
import { readdir, readFile, rename } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CommandError, EXIT } from "../exit-codes.ts";
import { cannotWrite, prepareFolder, writeWhole } from "../write-files.ts";
import { fingerprint, type CourseFiles } from "./chapters.ts";
import { readManifest, writeManifest, type Manifest } from "./manifest.ts";

/** What happened to the files of a course, each by its relative path. */
export interface CopyReport {
  /** New in the folder. */
  readonly copied: string[];
  /** Unchanged by the learner and newer in this installation. */
  readonly updated: string[];
  /** Changed by the learner, and therefore left alone. */
  readonly kept: string[];
}

/**
 * Makes a course folder, or brings an existing one up to date.
 *
 * @throws {CommandError} when the folder holds other things, or cannot be written
 */
export async function copyChapters(files: CourseFiles, course: string): Promise<CopyReport> {
  const known = await readManifest(course);
  if (known === undefined) await refuseForeignFolder(course);
  await prepareFolder(course);
  const manifest: Manifest = known ?? new Map();
  const report: CopyReport = { copied: [], updated: [], kept: [] };
  try {
    for (const [name, content] of files) await copyOne({ name, content, course }, manifest, report);
  } finally {
    // Also after a failure half-way: what was copied is remembered, so that the next try goes on from there.
    await writeManifest(course, manifest);
  }
  return report;
}

/**
 * Puts a fresh copy of a chapter into the course; the old file is kept beside it under a name with the date.
 *
 * @returns where the old file is now; undefined when there was none or it was as fresh
 */
export async function restoreChapter(
  { name, content, course }: { name: string; content: Uint8Array; course: string },
  now: Date,
): Promise<string | undefined> {
  const manifest: Manifest = (await readManifest(course)) ?? new Map();
  const path = join(course, name);
  const old = existsSync(path) ? await readFile(path) : undefined;
  let kept: string | undefined;
  if (old !== undefined && fingerprint(old) !== fingerprint(content)) {
    kept = datedName(path, now);
    await rename(path, kept).catch((error: unknown) => {
      throw cannotWrite(path, error);
    });
  }
  try {
    await writeWhole(path, content);
  } catch (error) {
    if (kept !== undefined) await rename(kept, path);
    throw error;
  }
  manifest.set(name, fingerprint(content));
  await writeManifest(course, manifest);
  return kept;
}

async function copyOne(
  file: { name: string; content: Uint8Array; course: string },
  manifest: Manifest,
  report: CopyReport,
): Promise<void> {
  const path = join(file.course, file.name);
  const [fresh, copied] = [fingerprint(file.content), manifest.get(file.name)];
  const current = existsSync(path) ? fingerprint(await readFile(path)) : undefined;
  if (current !== undefined && current !== fresh && current !== copied) {
    report.kept.push(file.name);
    return;
  }
  if (current !== fresh) {
    await writeWhole(path, file.content);
    (current === undefined ? report.copied : report.updated).push(file.name);
  }
  manifest.set(file.name, fresh);
}

async function refuseForeignFolder(course: string): Promise<void> {
  const entries = await readdir(course).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw cannotWrite(course, error);
  });
  if (entries.length === 0) return;
  throw new CommandError(
    `${course}: expected a new or empty folder, or a course made before, but it holds other files. Choose another name: gradlab course new my-course.`,
    EXIT.wrongUse,
  );
}

function datedName(path: string, now: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const [, stem = path, ending = ""] = /^(.*?)(\.[^./\\]*)?$/s.exec(path) ?? [];
  for (let count = 1; ; count += 1) {
    const name = `${stem} (mine, ${day} ${time}${count === 1 ? "" : ` ${count}`})${ending}`;
    if (!existsSync(name)) return name;
  }
}
