// Writing a file so that it is whole or not there: into a draft beside it, which takes its name when every byte is on the disk.
import { randomUUID } from "node:crypto";
import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileError } from "./file-error.ts";

/** So much of a file's name in that of its draft: names have limits, and the draft's is longer. */
const STEM = 40;

/**
 * Writes a file, or leaves the one that is there as it is. Whoever could not read the old one cannot read the new one.
 *
 * @throws {DataError} naming the file and what the system said
 */
export async function writeWhole(owner: string, path: string, bytes: Uint8Array): Promise<void> {
  // A link stays a link: what it leads to is replaced.
  const target = await realpath(path).catch(() => path);
  const draft = join(dirname(target), `.${basename(target).slice(0, STEM)}.${randomUUID()}.part`);
  try {
    const file = await open(draft, "wx", await permissionsOf(target));
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, target);
  } catch (cause) {
    // Why the file could not be written is the news, not why there is no draft to remove.
    await rm(draft, { force: true }).catch(() => undefined);
    throw fileError(`${owner}: expected to write ${path}`, cause);
  }
}

// Undefined where there is no such file yet: it gets those of any new file.
async function permissionsOf(path: string): Promise<number | undefined> {
  const { mode } = await stat(path).catch(() => ({ mode: undefined }));
  return mode === undefined ? undefined : mode & 0o777;
}
