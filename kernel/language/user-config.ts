// The user's own tsconfig for a folder: the nearest file, and which options it sets by itself or by what it extends.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import json5 from "json5";

/** Options as they stand in a tsconfig. */
export type CompilerOptions = Readonly<Record<string, unknown>>;

/** What a user's tsconfig means for cells. */
export interface UserConfig {
  /** For the `extends` of a config in the folder. */
  readonly extended: readonly string[];
  /** Options that a config in the folder itself must repeat, because it is hidden by ours. */
  readonly own: CompilerOptions;
  /** All options that hold, those of extended files included. */
  readonly resolved: CompilerOptions;
}

const DEEPEST_EXTENDS = 10;

/** Reads the nearest tsconfig.json, from `folder` upwards. */
export function readUserConfig(folder: string): UserConfig {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, "tsconfig.json");
    if (existsSync(path)) return userConfig(path, folder);
    if (at === dirname(at)) return { extended: [], own: {}, resolved: {} };
  }
}

/** Reads a file of JSON with comments; undefined when there is none that can be read. */
export function readJson(path: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = json5.parse(readFileSync(path, "utf8"));
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function userConfig(path: string, folder: string): UserConfig {
  const resolved = resolveOptions(path, 0);
  if (dirname(path) !== folder) {
    return { extended: [relative(folder, path).replaceAll("\\", "/")], own: {}, resolved };
  }
  const config = readJson(path) ?? {};
  return { extended: extendsOf(config), own: optionsOf(config, path), resolved };
}

function resolveOptions(path: string, depth: number): CompilerOptions {
  const config = readJson(path);
  if (!config || depth > DEEPEST_EXTENDS) return {};
  const bases = extendsOf(config).map((name) => locate(name, path));
  const inherited = bases.map((base) => (base ? resolveOptions(base, depth + 1) : {}));
  return Object.assign({}, ...inherited, optionsOf(config, path)) as CompilerOptions;
}

function extendsOf({ extends: value }: Record<string, unknown>): string[] {
  const all = Array.isArray(value) ? value : [value];
  return all.filter((one) => typeof one === "string");
}

function optionsOf({ compilerOptions }: Record<string, unknown>, path: string): CompilerOptions {
  if (typeof compilerOptions !== "object" || compilerOptions === null) return {};
  const { paths, ...others } = compilerOptions as Record<string, unknown>;
  if (typeof paths !== "object" || paths === null) return others;
  // Another file repeats them, from where they would mean other folders.
  const absolute = Object.entries(paths).map(([name, targets]) => [
    name,
    (targets as string[]).map((target) => resolve(dirname(path), target)),
  ]);
  return { ...others, paths: Object.fromEntries(absolute) as unknown };
}

function locate(name: string, from: string): string | undefined {
  if (name.startsWith(".") || isAbsolute(name)) {
    const path = resolve(dirname(from), name);
    return existsSync(path) ? path : `${path}.json`;
  }
  for (const specifier of [name, `${name}.json`, `${name}/tsconfig.json`]) {
    try {
      return createRequire(from).resolve(specifier);
    } catch {
      // Another spelling may be meant.
    }
  }
  return undefined;
}
