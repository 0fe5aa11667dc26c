// Turns a failed system call into an answer that says what happened to the file and what helps.
import { HttpError, systemCode } from "../errors.ts";

const ADVICE: Readonly<Record<string, readonly [status: number, text: string]>> = {
  ENOSPC: [507, "the disk is full. Free some space and save again"],
  EDQUOT: [507, "your disk quota is used up. Free some space and save again"],
  EFBIG: [413, "the file is larger than this system allows. Save less"],
  EACCES: [403, "permission was denied. Make the folder writable, or save elsewhere"],
  EPERM: [403, "the system forbids it. Make the folder writable, or save elsewhere"],
  EROFS: [403, "the folder is read-only. Save elsewhere"],
  ENAMETOOLONG: [400, "the name is too long. Shorten it"],
  EISDIR: [400, "it is a folder. Choose another name"],
  EEXIST: [409, "something of that name exists. Choose another name"],
  ENOTEMPTY: [400, "the folder is not empty. Delete what is in it first"],
  ENOENT: [404, "the file or its folder is gone. Refresh the file browser"],
  ENOTDIR: [404, "a part of the path is not a folder. Check the path"],
  EMFILE: [503, "too many files are open. Try again in a moment"],
};

/**
 * Runs a change on disk, and explains its failure.
 *
 * @param doing - what was tried, for example `save "a/b.ipynb"`
 * @throws {HttpError} naming the cause and the fix; errors that are not of the system pass through
 */
export async function explainDiskErrors<Result>(
  doing: string,
  change: () => Promise<Result>,
): Promise<Result> {
  try {
    return await change();
  } catch (error) {
    const code = systemCode(error);
    const known = code === undefined ? undefined : ADVICE[code];
    if (known === undefined) throw error;
    const [status, text] = known;
    throw new HttpError(status, `Cannot ${doing}: ${text}. What was saved before is unchanged.`, {
      cause: error,
    });
  }
}
