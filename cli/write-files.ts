// Writing for the user: folders are made and tried first, files are whole or not there, failures say what to do.
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandError, EXIT } from "./exit-codes.ts";

/** What to do about the failures of disks that people meet. */
const FIXES: Record<string, string> = {
  ENOSPC: "the disk is full. Free some space, or choose another folder",
  EDQUOT: "your disk quota is used up. Free some space, or choose another folder",
  EROFS: "it is read-only. Choose another folder",
  EACCES: "you may not write there. Choose another folder, or change its permissions",
  EPERM: "you may not write there. Choose another folder, or change its permissions",
  ENOTDIR: "a file stands in the way. Choose another folder",
  EEXIST: "a file stands in the way. Choose another folder",
  ENAMETOOLONG: "the name is too long. Choose a shorter one",
};

/**
 * Makes the folder when it is missing, and tries whether files can be written in it.
 *
 * @throws {CommandError} with exit code 3 when not
 */
export async function prepareFolder(folder: string): Promise<void> {
  const probe = join(folder, `.gradlab-${randomUUID()}`);
  try {
    await makeFolder(folder);
    await writeFile(probe, "probe");
  } catch (error) {
    throw cannotWrite(folder, error);
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}

/**
 * Writes a file so that it is either the old one or the new one, whatever happens in between.
 *
 * @throws {CommandError} with exit code 3 when it cannot be written; the old file is untouched then
 */
export async function writeWhole(path: string, text: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    await makeFolder(dirname(path));
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw cannotWrite(path, error);
  }
}

/** Makes a folder and those above it. Node's own recursive mkdir never ends where the system refuses with ENOENT. */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return requireFolder(folder);
  const parent = dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  await mkdir(folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
    await requireFolder(folder); // someone else made it a moment ago
  });
}

async function requireFolder(path: string): Promise<void> {
  if ((await stat(path)).isDirectory()) return;
  throw Object.assign(new TypeError(`${path} is a file`), { code: "ENOTDIR" });
}

/** The message for a failed write to `path`, with exit code 3. */
export function cannotWrite(path: string, error: unknown): CommandError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  const reason = FIXES[code] ?? `the system says ${code}. Choose another folder`;
  return new CommandError(`${path}: cannot be written: ${reason}.`, EXIT.machineLacks, {
    cause: error,
  });
}
