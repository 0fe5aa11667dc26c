// Which modules of the user are still fresh: an edited file, and all that import it, are loaded again.
import { statSync } from "node:fs";

interface LoadedModule {
  readonly url: string;
  readonly stamp: string;
  /** What this module was linked against: the file and the URL it had at that time. */
  readonly imports: Map<string, string>;
}

/** A file's state, as text that changes when the file does; empty when it is gone. */
export function fileStamp(path: string): string {
  try {
    const { mtimeMs, size } = statSync(path);
    return `${mtimeMs}-${size}`;
  } catch {
    return "";
  }
}

/** Gives each version of a user's module a URL of its own. */
export class UserModules {
  readonly #loaded = new Map<string, LoadedModule>();
  readonly #byUrl = new Map<string, string>();
  readonly #stamp: (path: string) => string;
  #version = 0;

  /** @param stamp - state of a file, as text */
  constructor(stamp: (path: string) => string = fileStamp) {
    this.#stamp = stamp;
  }

  /** Whether `url` is a module that was given out by `urlFor`. */
  has(url: string): boolean {
    return this.#byUrl.has(url);
  }

  /**
   * The URL under which to load the file `path`: the one of before while nothing changed, else a new one.
   *
   * @param fileUrl - URL of the file, without a version
   * @param parentUrl - the importing module; undefined for a cell
   */
  urlFor(path: string, fileUrl: string, parentUrl: string | undefined): string {
    if (!this.#isFresh(path, new Set())) this.#register(path, fileUrl);
    const url = this.#loaded.get(path)?.url ?? fileUrl;
    const parentPath = parentUrl === undefined ? undefined : this.#byUrl.get(parentUrl);
    if (parentPath !== undefined) this.#loaded.get(parentPath)?.imports.set(path, url);
    return url;
  }

  #register(path: string, fileUrl: string): void {
    const url = `${fileUrl}?v=${++this.#version}`;
    this.#loaded.set(path, { url, stamp: this.#stamp(path), imports: new Map() });
    this.#byUrl.set(url, path);
  }

  #isFresh(path: string, visited: Set<string>): boolean {
    if (visited.has(path)) return true;
    visited.add(path);
    const module = this.#loaded.get(path);
    if (!module || module.stamp !== this.#stamp(path)) return false;
    for (const [imported, url] of module.imports) {
      if (this.#loaded.get(imported)?.url !== url || !this.#isFresh(imported, visited))
        return false;
    }
    return true;
  }
}
