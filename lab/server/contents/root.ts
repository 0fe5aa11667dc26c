// The folder that the lab shows: turns the path of a request into a place on disk, and never leaves the folder.
import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { HttpError, systemCode } from "../errors.ts";

/** A place inside the root folder. */
export interface Place {
  /** Path as the API writes it: relative to the root, `/` between parts, `""` for the root itself. */
  readonly apiPath: string;
  /** Absolute path with every link resolved: what is read and written. */
  readonly path: string;
  /** Absolute path whose last part is not resolved: what is renamed and deleted. */
  readonly entry: string;
  readonly exists: boolean;
}

/** Options of `Root.locate`. */
export interface LocateOptions {
  /** Answer for a hidden name: 404 when reading (default), 400 when writing. */
  readonly hiddenStatus?: 400 | 404;
}

/** The root folder of one server. */
export class Root {
  /** Absolute path with every link resolved. */
  readonly folder: string;
  readonly #showsHidden: boolean;

  /** @param folder - absolute, existing, links resolved */
  constructor(folder: string, options: { showsHidden?: boolean } = {}) {
    this.folder = folder;
    this.#showsHidden = options.showsHidden ?? false;
  }

  /**
   * Finds a place that need not exist yet.
   *
   * @throws {HttpError} 404 for a path, or a link, that leads out of the root; `hiddenStatus` for a hidden name
   */
  async locate(apiPath: string, options: LocateOptions = {}): Promise<Place> {
    const parts = splitApiPath(apiPath);
    const name = parts.join("/");
    this.#refuseHidden(parts, name, options);
    const wanted = join(this.folder, ...parts);
    const { path, exists } = await this.#resolve(wanted, name);
    this.#refuseHidden(relative(this.folder, path).split(sep), name, options);
    const parent = parts.length === 0 ? undefined : await this.#resolve(dirname(wanted), name);
    const entry = parent === undefined ? path : join(parent.path, basename(wanted));
    return { apiPath: name, path, entry, exists };
  }

  /**
   * Finds a place that must exist.
   *
   * @throws {HttpError} 404 when it does not
   */
  async find(apiPath: string, options: LocateOptions = {}): Promise<Place> {
    const place = await this.locate(apiPath, options);
    if (place.exists) return place;
    throw notFound(place.apiPath);
  }

  /** Whether a name is left out of listings. */
  isHidden(name: string): boolean {
    return !this.#showsHidden && name.startsWith(".");
  }

  #refuseHidden(parts: readonly string[], name: string, options: LocateOptions): void {
    if (!parts.some((part) => this.isHidden(part))) return;
    const status = options.hiddenStatus ?? 404;
    if (status === 404) throw notFound(name);
    throw new HttpError(
      status,
      `Names that begin with a dot are hidden and cannot be written here, got "${name}". Choose another name.`,
    );
  }

  /** Resolves the links of the part that exists and appends the rest. */
  async #resolve(wanted: string, name: string): Promise<{ path: string; exists: boolean }> {
    const rest: string[] = [];
    for (let probe = wanted; ; probe = dirname(probe)) {
      const real = await realpath(probe).catch((error: unknown) => readFailure(error, name));
      if (real !== undefined) {
        if (!isInside(this.folder, real)) throw outside(name);
        return { path: join(real, ...rest), exists: rest.length === 0 };
      }
      // A link whose target is missing would be followed by a write: refuse it.
      if (await isLink(probe)) throw outside(name);
      rest.unshift(basename(probe));
    }
  }
}

/** The answer for a path that names nothing. */
export function notFound(apiPath: string): HttpError {
  return new HttpError(
    404,
    `No such file or directory: "${apiPath}". Refresh the file browser and check the name.`,
  );
}

function splitApiPath(apiPath: string): string[] {
  const trimmed = apiPath.replaceAll(/^\/+|\/+$/g, "");
  if (trimmed === "") return [];
  const parts = trimmed.split("/");
  const isBad = (part: string): boolean =>
    part === "" ||
    part === "." ||
    part === ".." ||
    part.includes("\0") ||
    (sep === "\\" && /[\\:]/.test(part));
  if (parts.some(isBad)) throw outside(trimmed);
  return parts;
}

function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function outside(apiPath: string): HttpError {
  return new HttpError(
    404,
    `"${apiPath}" leads out of the folder that this lab shows. Use a path inside it, or start the lab on a folder further up.`,
  );
}

function readFailure(error: unknown, name: string): undefined {
  const code = systemCode(error);
  if (code === "ENOENT" || code === "ENOTDIR") return undefined;
  if (code === "ENAMETOOLONG") {
    throw new HttpError(400, `The name is too long: "${name.slice(0, 80)}...". Shorten it.`);
  }
  throw new HttpError(
    403,
    `"${name}" cannot be reached (${code ?? String(error)}). Check the permissions of its folder.`,
    { cause: error },
  );
}

async function isLink(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isSymbolicLink() ?? false;
}
