// The tsconfig under which cells are checked: the user's own, and what a notebook needs on top.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { AMBIENT_FILE } from "./ambient-types.ts";
import { CELL_FILE_PREFIX } from "./cell-file.ts";
import { readJson, readUserConfig, type CompilerOptions } from "./user-config.ts";

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

/** What holds unless the user's tsconfig says otherwise. */
const DEFAULTS: CompilerOptions = {
  strict: true,
  // Any function may make elements; which one is known when the cell runs.
  jsx: "preserve",
  resolveJsonModule: true,
  skipLibCheck: true,
};

/** How a cell runs, whatever the user's tsconfig says. */
const ALWAYS: CompilerOptions = {
  target: "esnext",
  module: "preserve",
  moduleResolution: "bundler",
  moduleDetection: "force",
  allowImportingTsExtensions: true,
  esModuleInterop: true,
  experimentalDecorators: false,
  emitDecoratorMetadata: false,
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
};

/** A cell leaves names for later cells, and much is tried out. */
const LENIENT: CompilerOptions = {
  noUnusedLocals: false,
  noUnusedParameters: false,
  allowUnusedLabels: true,
  allowUnreachableCode: true,
};

/** The family of `strict`, for a tsconfig that takes some of it back. */
const STRICT: CompilerOptions = Object.fromEntries(
  [
    "strict noImplicitAny strictNullChecks strictFunctionTypes strictBindCallApply noImplicitThis",
    "strictPropertyInitialization strictBuiltinIteratorReturn alwaysStrict useUnknownInCatchVariables",
  ]
    .flatMap((line) => line.split(" "))
    .map((name) => [name, true]),
);

/** Makes the overlay. */
export function projectConfig(place: ProjectPlace, mode: TypesMode): ProjectConfig {
  const user = readUserConfig(place.folder);
  const nodeTypes = findNodeTypes(place);
  const types = (user.resolved["types"] ?? []) as string[];
  const hasOwnNodeTypes = types.includes("node") && nodeTypes !== undefined;
  const compilerOptions = {
    ...without(DEFAULTS, user.resolved),
    // What Node offers beside the language is told by its types, else by those of browsers.
    ...without({ lib: nodeTypes ? ["esnext"] : ["esnext", "dom"] }, user.resolved),
    ...user.own,
    ...ALWAYS,
    ...LENIENT,
    ...(mode === "strict" && STRICT),
    types: nodeTypes && !hasOwnNodeTypes ? [...types, nodeTypes] : types,
    paths: { ...(user.resolved["paths"] as CompilerOptions | undefined), ...packagePaths(place) },
  };
  const include = [`${CELL_FILE_PREFIX}*.ts`, `${CELL_FILE_PREFIX}*.tsx`, AMBIENT_FILE];
  const nothing = { exclude: [], files: [], references: [] };
  const config = { extends: user.extended, compilerOptions, include, ...nothing };
  return { text: JSON.stringify(config), hasNodeTypes: nodeTypes !== undefined };
}

const without = (options: CompilerOptions, set: CompilerOptions): CompilerOptions =>
  Object.fromEntries(Object.entries(options).filter(([name]) => !(name in set)));

/** The folder of `@types/node`; a notebook without packages of its own is given the kernel's. */
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
    const { name, exports } = readJson(join(own, "package.json")) ?? {};
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
