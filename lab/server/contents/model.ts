// What the contents API says about a file or folder.
import { constants } from "node:fs";
import type { Stats } from "node:fs";
import { access } from "node:fs/promises";
import { posix } from "node:path";

/** A file, notebook or folder as clients of the contents API see it. */
export interface ContentsModel {
  name: string;
  path: string;
  type: "directory" | "file" | "notebook";
  created: string;
  last_modified: string;
  /** Text, base64 text, a notebook, or the models of what a folder holds; null when not asked for. */
  content: unknown;
  format: "text" | "base64" | "json" | null;
  mimetype: string | null;
  /** Bytes; null for a folder. */
  size: number | null;
  writable: boolean;
  hash: string | null;
  hash_algorithm: string | null;
}

/** A saved earlier state of a file. */
export interface CheckpointModel {
  id: string;
  last_modified: string;
}

/** A model without content. */
export async function describeEntry(
  apiPath: string,
  path: string,
  facts: Stats,
): Promise<ContentsModel> {
  const writable = await access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
  const isFolder = facts.isDirectory();
  const born = facts.birthtimeMs > 0 ? facts.birthtime : facts.ctime;
  return {
    name: posix.basename(apiPath),
    path: apiPath,
    type: isFolder ? "directory" : isNotebookName(apiPath) ? "notebook" : "file",
    created: born.toISOString(),
    last_modified: facts.mtime.toISOString(),
    content: null,
    format: null,
    mimetype: null,
    size: isFolder ? null : facts.size,
    writable,
    hash: null,
    hash_algorithm: null,
  };
}

/** Whether a name is a notebook's. */
export function isNotebookName(name: string): boolean {
  return name.toLowerCase().endsWith(".ipynb");
}
