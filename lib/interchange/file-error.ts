// A file that cannot be read or written: what the system said, and what to do.
import { DataError } from "../errors.ts";

/** What the system said about a file, as an error that tells what to do. */
export function fileError(expected: string, cause: unknown): DataError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const fix = FIXES.get(code ?? "") ?? "Check the path.";
  return new DataError(`${expected}; the system said "${message}". ${fix}`, { cause });
}

const FIXES: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "Check the path: it starts where the program runs, and its folder must exist."],
  ["ENOTDIR", "Check the path: what stands there as a folder is a file."],
  ["ENAMETOOLONG", "Choose a shorter name."],
  ["EISDIR", "Name a file in that folder."],
  ["ENOSPC", "The disk is full: make room, or choose another disk."],
  ["EDQUOT", "Your part of the disk is full: make room, or choose another disk."],
  ["EACCES", "Choose a file in a folder that you may use, or ask for the right to."],
  ["EPERM", "Choose a file in a folder that you may use, or ask for the right to."],
  ["ERR_FS_FILE_TOO_LARGE", "Put the weights into several files, below 2 GiB each."],
  ["EROFS", "That disk cannot be written to: choose another one."],
]);
