// Reading a file, with an error that names it and tells what to do.
import { readFile } from "node:fs/promises";
import { fileError } from "./file-error.ts";

/**
 * The bytes of a file.
 *
 * @throws {DataError} naming the file and what the system said
 */
export async function readWhole(owner: string, path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw fileError(`${owner}: expected to read ${path}`, cause);
  }
}
