// Saves a file so that a crash, a full disk or a power cut leaves either the old content or the new, never a part.
import { randomBytes } from "node:crypto";
import { open, rename, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Beginning of the names of unfinished files: hidden, and easy to tell from the user's own. */
export const UNFINISHED_PREFIX = ".gradlab-unfinished-";

/**
 * Writes the whole file: into a neighbour first, then to disk, then in one step over the old one.
 *
 * @param path - absolute, with links resolved; an existing file keeps its permissions
 * @param write - puts the content into the open neighbour
 * @param options - `mode` holds the permissions of a new file
 * @throws the system's error; the old file is then untouched and nothing is left behind
 */
export async function writeAtomically(
  path: string,
  write: (handle: FileHandle) => Promise<void>,
  options: { mode?: number } = {},
): Promise<void> {
  const old = await stat(path).catch(() => undefined);
  const neighbour = join(dirname(path), UNFINISHED_PREFIX + randomBytes(8).toString("hex"));
  try {
    const handle = await open(neighbour, "wx", old ? old.mode & 0o777 : (options.mode ?? 0o666));
    try {
      await write(handle);
      // The umask cuts the mode given to open: put back what the file had.
      if (old && process.platform !== "win32") await handle.chmod(old.mode & 0o777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await replace(neighbour, path);
  } catch (error) {
    await rm(neighbour, { force: true });
    throw error;
  }
}

/**
 * Writes bytes or text as the whole file.
 *
 * @param options - `mode` holds the permissions of a new file
 */
export async function saveBytes(
  path: string,
  content: Uint8Array | string,
  options: { mode?: number } = {},
): Promise<void> {
  await writeAtomically(path, (handle) => handle.writeFile(content), options);
}

/** Puts a finished file in the place of another and makes the change of the folder lasting. */
export async function replace(finished: string, path: string): Promise<void> {
  await rename(finished, path);
  if (process.platform === "win32") return;
  // Not every file system can sync a folder; the rename itself has already happened.
  const folder = await open(dirname(path), "r").catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
