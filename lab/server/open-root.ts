// Checks, before anything starts, that a folder can be served.
import { randomBytes } from "node:crypto";
import { open, readdir, realpath, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UNFINISHED_PREFIX } from "./contents/atomic-write.ts";
import { ServerStartError, systemCode } from "./errors.ts";

const NEVER_WRITABLE = new Set(["EACCES", "EPERM", "EROFS"]);

/**
 * The folder with all links resolved.
 *
 * @throws {ServerStartError} when it is missing, no folder, or cannot be read or (unless allowed) written
 */
export async function openRoot(folder: string, allowReadOnly: boolean): Promise<string> {
  const wanted = resolve(folder);
  const real = await realpath(wanted).catch((error: unknown) => {
    throw new ServerStartError(
      "LAB_ROOT_MISSING",
      `The lab needs a folder that exists, ${wanted} does not (${systemCode(error)}). Make it with: mkdir -p "${wanted}"`,
      { cause: error },
    );
  });
  if (!(await stat(real)).isDirectory()) {
    throw new ServerStartError(
      "LAB_ROOT_NOT_A_FOLDER",
      `The lab needs a folder, ${wanted} is a file. Name the folder that it lies in.`,
    );
  }
  await readdir(real).catch((error: unknown) => {
    throw forbidden(wanted, "read", error);
  });
  if (!allowReadOnly) await tryToWrite(real, wanted);
  return real;
}

/** Only a real file tells: permissions say nothing of a file system that is mounted read-only or over a network. */
async function tryToWrite(real: string, wanted: string): Promise<void> {
  const path = join(real, `${UNFINISHED_PREFIX}${randomBytes(8).toString("hex")}`);
  try {
    await (await open(path, "wx")).close();
  } catch (error) {
    if (NEVER_WRITABLE.has(systemCode(error) ?? "")) throw forbidden(wanted, "write", error);
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

function forbidden(folder: string, action: string, cause: unknown): ServerStartError {
  return new ServerStartError(
    "LAB_ROOT_READ_ONLY",
    `The lab needs a folder that it may read and write, it cannot ${action} ${folder} (${systemCode(cause)}). Make it writable with: chmod u+rwx "${folder}", or choose another folder.`,
    { cause },
  );
}
