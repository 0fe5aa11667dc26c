// `gradlab course`: a learner's own copies of the chapters.
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import { findChapter, readChapters } from "../course/chapters.ts";
import { copyChapters, restoreChapter, type CopyReport } from "../course/copy-chapters.ts";
import { findCourse } from "../course/manifest.ts";
import { findInstallation } from "../../lab/server/installation.ts";

/** Builds the `course` command. */
export function courseCommand(): Command {
  const course = new Command("course").description("your own copies of the course's chapters");
  course
    .command("new")
    .description(
      "copy the chapters into a folder; run it again to get new ones, what you changed is kept",
    )
    .argument("[folder]", "where they go", "course")
    .option("--json", "print one JSON object: {folder, copied, updated, kept}")
    .action(newCourse);
  course
    .command("restore")
    .description(
      "put a fresh copy of a chapter in its place; your file is kept beside it with the date",
    )
    .argument("<chapter>", "its file, or the start of its name, for example p1-01")
    .option("--course <folder>", "the course folder (default: the current one, or ./course)")
    .option("--json", "print one JSON object: {chapter, kept}")
    .action(restore);
  return course;
}

/** The chapters that this installation brings. */
function chaptersFolder(): string {
  return join(findInstallation(), "notebooks");
}

async function newCourse(folder: string, options: { json?: boolean }): Promise<void> {
  const report = await copyChapters(await readChapters(chaptersFolder()), resolve(folder));
  if (options.json) console.log(JSON.stringify({ folder: resolve(folder), ...report }));
  else console.log(describe(folder, report));
}

async function restore(
  chapter: string,
  options: { course?: string; json?: boolean },
): Promise<void> {
  const course = findCourse(options.course, process.cwd());
  const files = await readChapters(chaptersFolder());
  const name = findChapter(chapter, files);
  const content = files.get(name) ?? new Uint8Array();
  const kept = await restoreChapter({ name, content, course }, new Date());
  if (options.json) {
    console.log(JSON.stringify({ chapter: join(course, name), kept: kept ?? null }));
    return;
  }
  console.log(`${shown(join(course, name))} is fresh.`);
  if (kept !== undefined) console.log(`Your version is now ${shown(kept)}`);
}

function describe(folder: string, { copied, updated, kept }: CopyReport): string {
  const count = (files: readonly string[], what: string): string[] =>
    files.length === 0 ? [] : [`${files.length} ${files.length === 1 ? "file" : "files"} ${what}`];
  const changes = [...count(copied, "copied"), ...count(updated, "updated")];
  const lines = [`${resolve(folder)}: ${changes.join(", ") || "everything is up to date"}`];
  for (const name of kept) lines.push(`  kept as you changed it: ${name}`);
  lines.push(`Open it with: npx gradlab lab ${JSON.stringify(folder)}`);
  return lines.join("\n");
}

function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}
