// The tsconfig under which cells are checked: the user's own, and what a notebook needs on top.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import json5 from "json5";
import { AMBIENT_FILE } from "./ambient-types.ts";
import { CELL_FILE_PREFIX } from "./notebook-model.ts";

/** How strictly cells are checked: not at all, as the tsconfig says, or with everything that `strict` means. */
export type TypesMode = "off" | "on" | "strict";

/** Where cells are. */
export interface ProjectPlace {
  /** The notebook's folder. */
  readonly folder: string;
  /** Folders that are searched for packages which the notebook's folder does not have. */
  readonly moduleFolders: readonly string[];
}

/** The overlay in place of `tsconfig.json` in the notebook's folder. */
export interface ProjectConfig {
  readonly text: string;
  readonly hasNodeTypes: boolean;
}

type Options = Record<string, unknown>;

const DEFAULTS: Options = {
  strict: true,
  target: "esnext",
  lib: ["esnext"],
  jsx: "react",
  skipLibCheck: true,
  resolveJsonModule: true,
};

/** What a cell is, whatever the user's tsconfig says. */
const ALWAYS: Options = {
  module: "preserve",
  moduleResolution: "bundler",
  moduleDetection: "force",
  allowImportingTsExtensions: true,
  allowArbitraryExtensions: true,
  esModuleInterop: true,
  noEmit: true,
  composite: false,
  incremental: false,
  declaration: false,
  declarationMap: false,
  emitDeclarationOnly: false,
  isolatedModules: false,
  isolatedDeclarations: false,
  verbatimModuleSyntax: false,
  rewriteRelativeImportExtensions: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
  allowUnusedLabels: true,
  allowUnreachableCode: true,
  noImplicitReturns: false,
};

/** Makes the overlay. */
export function projectConfig(place: ProjectPlace, mode: TypesMode): ProjectConfig {
  const own = readOwnConfig(place.folder);
  const nodeTypes = findNodeTypes(place);
  const ownOptions = (own["compilerOptions"] ?? {}) as Options;
  const compilerOptions = {
    ...("extends" in own ? {} : DEFAULTS),
    ...ownOptions,
    ...ALWAYS,
    ...(mode === "strict" && { strict: true, noUncheckedIndexedAccess: true }),
    types: [
      ...((ownOptions["types"] as string[] | undefined) ?? []),
      ...(nodeTypes ? [nodeTypes] : []),
    ],
    paths: { ...(ownOptions["paths"] as Options | undefined), ...packagePaths(place) },
    rootDir: undefined,
    outDir: undefined,
    tsBuildInfoFile: undefined,
  };
  const include = [`${CELL_FILE_PREFIX}*.ts`, `${CELL_FILE_PREFIX}*.tsx`, AMBIENT_FILE];
  const config = { extends: own["extends"], compilerOptions, include };
  return { text: JSON.stringify(config), hasNodeTypes: nodeTypes !== undefined };
}

/** The nearest tsconfig of the user; one in a parent folder is extended. */
function readOwnConfig(folder: string): Options {
  const beside = readConfig(join(folder, "tsconfig.json"));
  if (beside) return beside;
  for (let parent = dirname(folder); parent !== dirname(parent); parent = dirname(parent)) {
    const path = join(parent, "tsconfig.json");
    if (existsSync(path)) return { extends: relative(folder, path).replaceAll("\\", "/") };
  }
  return {};
}

function readConfig(path: string): Options | undefined {
  try {
    const config: unknown = json5.parse(readFileSync(path, "utf8"));
    return typeof config === "object" && config !== null ? (config as Options) : {};
  } catch {
    return undefined;
  }
}

/** The folder of `@types/node`, which is also what a notebook without packages of its own is given. */
function findNodeTypes({ folder, moduleFolders }: ProjectPlace): string | undefined {
  const packageJson = resolveFrom([folder, ...moduleFolders], "@types/node/package.json");
  return packageJson && dirname(packageJson);
}

/** What a cell may import that lies in the kernel's own folders and not beside the notebook. */
export function ownPackages(place: ProjectPlace): string[] {
  return Object.keys(packagePaths(place));
}

/** Packages that lie in the kernel's own folders and not beside the notebook, with their types. */
function packagePaths({ folder, moduleFolders }: ProjectPlace): Record<string, string[]> {
  const paths: Record<string, string[]> = {};
  for (const own of moduleFolders) {
    const { name, exports } = readConfig(join(own, "package.json")) ?? {};
    if (typeof name !== "string" || resolveFrom([folder], `${name}/package.json`)) continue;
    for (const [entry, target] of Object.entries((exports ?? {}) as Record<string, unknown>)) {
      const { types } = target as { types?: unknown };
      if (typeof types === "string") paths[name + entry.slice(1)] = [join(own, types)];
    }
  }
  return paths;
}

function resolveFrom(folders: readonly string[], specifier: string): string | undefined {
  for (const folder of folders) {
    try {
      return createRequire(join(folder, "cell.js")).resolve(specifier);
    } catch {
      // The next folder may have it.
    }
  }
  return undefined;
}
