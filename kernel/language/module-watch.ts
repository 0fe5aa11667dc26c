// Which modules of the user have changed since they were last looked at: those that cells import by path, and so on.
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** A change of a file, as the language server is told. */
export interface FileEvent {
  readonly uri: string;
  /** 1: created, 2: changed, 3: deleted. */
  readonly type: 1 | 2 | 3;
}

interface WatchedFile {
  stamp: string;
  imports: readonly string[];
}

const IMPORT =
  /(?:\bfrom|\bimport|\brequire)\s*\(?\s*["'](\.{1,2}\/[^"'\n]+|file:[^"'\n]+|\/[^"'\n]+)["']/g;
const SUFFIXES = [
  "",
  ".ts",
  ".tsx",
  ".mts",
  ".js",
  ".mjs",
  ".json",
  ".d.ts",
  "/index.ts",
  "/index.js",
];

/** Watches modules by looking at them whenever somebody asks. */
export class ModuleWatch {
  readonly #folder: string;
  readonly #roots = new Set<string>();
  readonly #files = new Map<string, WatchedFile>();

  /** @param folder - the notebook's folder, from where cells import */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The files that have changed among those that `code`, or a cell before it, imports. */
  changes(code: string): FileEvent[] {
    for (const path of importedPaths(code, this.#folder)) this.#roots.add(path);
    const events: FileEvent[] = [];
    const seen = new Set<string>();
    const queue = [...this.#roots];
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      queue.push(...this.#look(path, events));
    }
    return events;
  }

  /** Looks at one file. @returns the paths that it imports */
  #look(path: string, events: FileEvent[]): readonly string[] {
    const stamp = stampOf(path);
    const before = this.#files.get(path);
    if (before?.stamp === stamp) return before.imports;
    if (before)
      events.push({ uri: pathToFileURL(path).href, type: changeType(before.stamp, stamp) });
    const imports = stamp === "" ? [] : importedPaths(read(path), dirname(path));
    this.#files.set(path, { stamp, imports });
    return imports;
  }
}

function changeType(before: string, now: string): FileEvent["type"] {
  if (before === "") return 1;
  return now === "" ? 3 : 2;
}

/** All the paths that may be meant by the imports of a text. */
function importedPaths(code: string, folder: string): string[] {
  return [...code.matchAll(IMPORT)].flatMap(([, specifier = ""]) => {
    const path = specifier.startsWith("file:") ? urlPath(specifier) : resolve(folder, specifier);
    const asSource = path.replace(/\.([mc]?)jsx?$/, ".$1ts");
    return asSource === path ? SUFFIXES.map((suffix) => path + suffix) : [path, asSource];
  });
}

function urlPath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

function stampOf(path: string): string {
  try {
    const stat = statSync(path);
    return stat.isFile() ? `${stat.mtimeMs}-${stat.size}` : "";
  } catch {
    return "";
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
