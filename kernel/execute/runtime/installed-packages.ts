// Whether a package is there, asked of the disk: Node remembers for ever that one was not.
import { readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Whether an import of a package may succeed. Node 20 and 24 keep in mind which `package.json` they did not find, so they
 * must not be asked before a package is installed.
 *
 * @param parentUrl - URL of the importing file
 */
export function mayBeInstalled(specifier: string, parentUrl: string): boolean {
  const name = packageName(specifier);
  if (name === undefined || isBuiltin(specifier)) return true;
  for (let folder = dirname(fileURLToPath(parentUrl)); ; folder = dirname(folder)) {
    if (isFolder(join(folder, "node_modules", name)) || isNamed(folder, name)) return true;
    if (dirname(folder) === folder) return false;
  }
}

/** `@scope/name` of `@scope/name/part`; undefined when the specifier names no package. */
export function packageName(specifier: string): string | undefined {
  if (/^[./#]|^\w+:/.test(specifier)) return undefined;
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** A package may import itself by its name. */
function isNamed(folder: string, name: string): boolean {
  try {
    const file = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      name?: unknown;
    };
    return file.name === name;
  } catch {
    return false;
  }
}
