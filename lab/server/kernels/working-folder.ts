// The folder that a kernel runs in: that of its notebook.
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Root } from "../contents/root.ts";

/**
 * The folder of a notebook, or the root when there is no such place in it: a console has a path without a file.
 *
 * @param apiPath - of a notebook, which need not exist, or of a folder
 */
export async function workingFolder(root: Root, apiPath: string | undefined): Promise<string> {
  if (apiPath === undefined || apiPath === "") return root.folder;
  const place = await root.locate(apiPath).catch(() => undefined);
  if (place === undefined) return root.folder;
  for (const folder of [place.path, dirname(place.path)]) {
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) return folder;
  }
  return root.folder;
}
