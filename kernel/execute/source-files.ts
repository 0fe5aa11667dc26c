// The text of source files that a traceback passes through.
import { readFileSync, statSync } from "node:fs";

/** A longer file is no source that anybody reads. */
const LONGEST_FILE_BYTES = 2_000_000;

/** The text of a source file; undefined when there is none, or when it is too long to be one. */
export function readSourceFile(path: string): string | undefined {
  try {
    const facts = statSync(path);
    if (!facts.isFile() || facts.size > LONGEST_FILE_BYTES) return undefined;
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
