// The folder of a server's connection files: private, and swept up by the next server when a crash left it behind.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerStartError, systemCode } from "../errors.ts";

const PREFIX = "gradlab-kernels-";

/**
 * Makes a folder that only its owner may enter (0700), named after this process.
 *
 * @throws {ServerStartError} when the temporary folder cannot be used
 */
export async function makePrivateFolder(): Promise<string> {
  try {
    await sweep();
    return await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  } catch (error) {
    throw new ServerStartError(
      "LAB_NO_TEMPORARY_FOLDER",
      `Kernels need a temporary folder that may be written, ${tmpdir()} is none (${systemCode(error)}). Free some space there, or set TMPDIR to another folder.`,
      { cause: error },
    );
  }
}

/** Removes the folders of processes that have ended; those of other users stay. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = name.startsWith(PREFIX) ? /^\d+(?=-)/.exec(name.slice(PREFIX.length)) : null;
    if (owner === null || isAlive(Number(owner[0]))) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
