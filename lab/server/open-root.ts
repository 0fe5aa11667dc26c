// Checks, before anything starts, that a folder can be served.
import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { ServerStartError, systemCode } from "./errors.ts";

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
  const needed = constants.R_OK | constants.X_OK | (allowReadOnly ? 0 : constants.W_OK);
  await access(real, needed).catch((error: unknown) => {
    throw new ServerStartError(
      "LAB_ROOT_READ_ONLY",
      `The lab needs a folder that it may read and write, ${wanted} is not (${systemCode(error)}). Make it writable with: chmod u+rwx "${wanted}", or choose another folder.`,
      { cause: error },
    );
  });
  return real;
}
