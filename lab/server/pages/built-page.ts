// The JupyterLab page as its build left it: which scripts it loads, and where its files lie.
import { readFile, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { HttpError } from "../errors.ts";
import { isObject } from "../http/read-body.ts";

/** What `page.json` of a finished build says. */
export interface BuiltPage {
  /** Scripts to load, relative to `static/`. */
  readonly scripts: readonly string[];
  /** JupyterLab's version. */
  readonly version: string;
}

/** Reads the description of a built page; undefined when the folder holds no finished one. */
export async function readBuiltPage(folder: string): Promise<BuiltPage | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, "page.json"), "utf8"));
    if (!isObject(value) || !Array.isArray(value["scripts"])) return undefined;
    const scripts = value["scripts"].filter((script) => typeof script === "string");
    return { scripts, version: typeof value["version"] === "string" ? value["version"] : "" };
  } catch {
    return undefined;
  }
}

/**
 * Absolute path of a file of the page.
 *
 * @throws {HttpError} 404 when it is not there or lies outside of `folder`
 */
export async function pageFile(folder: string, name: string): Promise<string> {
  const isPlain = !name.includes("\0") && !name.split(/[/\\]/).includes("..");
  const base = await realpath(folder).catch(() => undefined);
  const real = isPlain ? await realpath(join(folder, name)).catch(() => undefined) : undefined;
  if (base !== undefined && real?.startsWith(base + sep)) return real;
  throw new HttpError(404, `The page has no file "${name.slice(0, 200)}". Reload the page.`);
}
