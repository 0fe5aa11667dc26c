// How names of modules are found: beside the notebook first, then in the folders that the kernelspec lists.
import { fileURLToPath, pathToFileURL } from "node:url";
import { mayBeInstalled } from "./installed-packages.ts";
import { alternativesOf } from "./typescript-loader.ts";
import type { UserModules } from "./user-modules.ts";

/** Marks an import as that of a cell. */
export const CELL_IMPORT_PREFIX = "cell:";

/** Where modules are looked for. */
export interface ModuleFolders {
  /** URL of a file in the notebook's folder. */
  readonly notebook: string;
  /** URLs of files in further folders, for packages that the notebook's folder does not have. */
  readonly fallbacks: readonly string[];
  /** URL of the module whose imports stand for those of cells. */
  readonly cells: string;
}

/** An import to be resolved. */
export interface ImportRequest {
  readonly specifier: string;
  /** URL of the importing module. */
  readonly parentUrl: string | undefined;
  readonly folders: ModuleFolders;
}

/** Node's answer to a resolution, and whether it may be a promise. */
export type Resolved = { readonly url: string; readonly format?: string | null | undefined };

/** One possible reading of an import, tried in order. */
export interface Candidate {
  readonly specifier: string;
  readonly parentUrl: string;
}

/**
 * The readings of an import by a cell or by a module of the user, most likely first.
 *
 * @returns undefined when Node's own resolution is to be left alone
 */
export function candidatesFor(
  { specifier: written, parentUrl, folders }: ImportRequest,
  modules: UserModules,
): Candidate[] | undefined {
  const isFromCell = parentUrl === folders.cells;
  if (parentUrl === undefined || (!isFromCell && !modules.has(parentUrl))) return undefined;
  const specifier = withoutPrefix(written);
  const parent = isFromCell ? folders.notebook : parentUrl;
  if (isPath(specifier)) {
    const own = { specifier, parentUrl: parent };
    return [
      own,
      ...alternativesOf(specifier).map((name) => ({ specifier: name, parentUrl: parent })),
    ];
  }
  return [parent, ...folders.fallbacks]
    .filter((folder) => mayBeInstalled(specifier, folder))
    .map((folder) => ({ specifier, parentUrl: folder }));
}

/** The error of an import that no folder has anything for, in Node's words. */
export function packageNotFound({ specifier, parentUrl, folders }: ImportRequest): Error {
  const importer = parentUrl === folders.cells ? folders.notebook : (parentUrl ?? "");
  const path = importer.startsWith("file:") ? fileURLToPath(importer) : importer;
  return new UnresolvedPackage(
    `Cannot find package '${withoutPrefix(specifier)}' imported from ${path}`,
  );
}

class UnresolvedPackage extends Error {
  readonly code = "ERR_MODULE_NOT_FOUND";
}

/** Gives a module of the user its versioned URL; other modules keep theirs. */
export function versioned(
  url: string,
  { specifier, parentUrl, folders }: ImportRequest,
  modules: UserModules,
): string {
  if (
    !isPath(withoutPrefix(specifier)) ||
    !url.startsWith("file:") ||
    /[?#]|\/node_modules\//.test(url)
  ) {
    return url;
  }
  const parent = parentUrl === folders.cells ? undefined : parentUrl;
  return modules.urlFor(fileURLToPath(url), url, parent);
}

/** Whether another reading may help: nothing was found, which is not the same as something broken. */
export function isNotFound(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return (
    code === "ERR_MODULE_NOT_FOUND" ||
    code === "MODULE_NOT_FOUND" ||
    code === "ERR_UNSUPPORTED_DIR_IMPORT"
  );
}

/** URL of a file that stands for the folder `path` in resolutions. */
export function folderUrl(path: string): string {
  return new URL("cell.ts", pathToFileURL(path.endsWith("/") ? path : `${path}/`)).href;
}

function withoutPrefix(specifier: string): string {
  return specifier.startsWith(CELL_IMPORT_PREFIX)
    ? specifier.slice(CELL_IMPORT_PREFIX.length)
    : specifier;
}

function isPath(specifier: string): boolean {
  return /^(\.{0,2}\/|\.{1,2}$|file:)/.test(specifier);
}
