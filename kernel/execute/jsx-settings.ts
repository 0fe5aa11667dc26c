// What the user's tsconfig says about elements (JSX): which function makes them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type * as Json5 from "json5";
import type { JsxSettings } from "../compile/transpile.ts";

interface JsxOptions {
  readonly jsx?: unknown;
  readonly jsxFactory?: unknown;
  readonly jsxFragmentFactory?: unknown;
  readonly jsxImportSource?: unknown;
}

interface Config {
  readonly extends?: unknown;
  readonly compilerOptions?: JsxOptions;
}

/** A circle of configs that extend each other ends somewhere. */
const MOST_PARENTS = 10;

const require = createRequire(import.meta.url);

/** The settings of the tsconfig that is nearest to `folder`; undefined when none says anything about elements. */
export function findJsxSettings(folder: string): JsxSettings | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const config = readConfig(join(at, "tsconfig.json"));
    if (config) return settingsOf(optionsOf(config, at, MOST_PARENTS));
    if (dirname(at) === at) return undefined;
  }
}

function settingsOf({
  jsx,
  jsxFactory,
  jsxFragmentFactory,
  jsxImportSource,
}: JsxOptions): JsxSettings | undefined {
  if (jsx === "react-jsx" || jsx === "react-jsxdev") {
    const isNamed = typeof jsxImportSource === "string";
    return { runtime: "automatic", ...(isNamed ? { importSource: jsxImportSource } : {}) };
  }
  if (typeof jsxFactory !== "string" && typeof jsxFragmentFactory !== "string") return undefined;
  return {
    runtime: "classic",
    ...(typeof jsxFactory === "string" ? { pragma: jsxFactory } : {}),
    ...(typeof jsxFragmentFactory === "string" ? { pragmaFrag: jsxFragmentFactory } : {}),
  };
}

function optionsOf(config: Config, folder: string, depth: number): JsxOptions {
  const parents = [config.extends].flat().filter((one) => typeof one === "string");
  const inherited =
    depth === 0 ? [] : parents.map((parent) => parentOptions(parent, folder, depth - 1));
  return Object.assign({}, ...inherited, config.compilerOptions) as JsxOptions;
}

function parentOptions(specifier: string, folder: string, depth: number): JsxOptions {
  const path = pathOf(specifier, folder);
  const config = path === undefined ? undefined : (readConfig(path) ?? readConfig(`${path}.json`));
  return config && path !== undefined ? optionsOf(config, dirname(path), depth) : {};
}

function pathOf(specifier: string, folder: string): string | undefined {
  if (/^\.{0,2}\//.test(specifier)) return resolve(folder, specifier);
  try {
    return createRequire(join(folder, "tsconfig.json")).resolve(specifier);
  } catch {
    return undefined;
  }
}

function readConfig(path: string): Config | undefined {
  try {
    const text = readFileSync(path, "utf8");
    return (require("json5") as typeof Json5).parse<Config>(text);
  } catch {
    return undefined;
  }
}
