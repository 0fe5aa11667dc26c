// The files of the course as this installation brings them, by their path relative to the folder of notebooks.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { CommandError, EXIT } from "../exit-codes.ts";

/** Content of every file by its relative path, with forward slashes. */
export type CourseFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Reads all chapters and what lies beside them.
 *
 * @throws {CommandError} when the installation holds none
 */
export async function readChapters(folder: string): Promise<CourseFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, Uint8Array>();
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).split(sep).join("/");
    // Hidden files and JupyterLab's checkpoints belong to whoever edits the chapters.
    if (!/(^|\/)\./.test(name)) files.set(name, await readFile(path));
  }
  // Top folders without a chapter hold what the project needs to check the chapters.
  const parts = new Set([...files.keys()].filter((name) => name.endsWith(".ipynb")).map(topFolder));
  const chapters = [...files].filter(([name]) => parts.has(topFolder(name)));
  if (chapters.length > 0) return new Map(chapters.sort(([a], [b]) => (a < b ? -1 : 1)));
  throw new CommandError(
    `${folder}: expected the course's chapters there, found none. Install gradlab again.`,
    EXIT.machineLacks,
  );
}

/**
 * The one chapter that `text` means: its path, its file name, or the start of its file name.
 *
 * @throws {CommandError} when none or several are meant
 */
export function findChapter(text: string, files: CourseFiles): string {
  const chapters = [...files.keys()].filter((name) => name.endsWith(".ipynb"));
  const wanted = text.split(sep).join("/").replace(/^\.\//, "");
  const base = (name: string): string => name.split("/").at(-1) ?? name;
  const tries: ((name: string) => boolean)[] = [
    (name) => name === wanted || wanted.endsWith(`/${name}`),
    (name) => base(name) === base(wanted) || base(name) === `${base(wanted)}.ipynb`,
    (name) => base(name).startsWith(base(wanted)),
  ];
  const found = tries.map((fits) => chapters.filter(fits)).find((names) => names.length > 0) ?? [];
  if (found.length === 1 && found[0] !== undefined) return found[0];
  const which = found.length === 0 ? "there is no such chapter" : `it means ${found.join(" or ")}`;
  throw new CommandError(
    `"${text}": expected the name of one chapter, but ${which}. Chapters: ${chapters.join(", ")}.`,
    EXIT.wrongUse,
  );
}

function topFolder(name: string): string {
  return name.split("/")[0] ?? name;
}

/** A fingerprint that tells whether a file is still as it was copied. */
export function fingerprint(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
