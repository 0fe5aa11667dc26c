// The folder of a built page: where it lies, whether it is whole, and whether it can be built here.
// Needs no bundler, because a packed gradlab has the page but not what builds it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The file that stands in a finished page; a page without it is not finished. */
export const PAGE_FILE = "page.json";

/** What `page.json` says. */
export interface PageDescription {
  /** Hash over everything the page was made from. */
  readonly inputs: string;
  /** The scripts that the page loads first, relative to `static/`. */
  readonly scripts: readonly string[];
  /** JupyterLab's version. */
  readonly version: string;
}

/** The description of a finished page, or undefined when there is none. */
export function readPage(folder: string): PageDescription | undefined {
  const file = join(folder, PAGE_FILE);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as PageDescription;
  } catch {
    return undefined;
  }
}

/** The folder of a page inside gradlab's installation. */
export function pageFolder(installation: string): string {
  return join(installation, "dist", "lab", "page");
}

/** Whether the sources of the page are here, so that it can be built; a packed gradlab carries only the built page. */
export function canBuildPage(installation: string): boolean {
  return existsSync(join(installation, "lab", "ui", "page", "start.ts"));
}
