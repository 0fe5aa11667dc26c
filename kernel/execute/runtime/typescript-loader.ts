// Loading the user's own TypeScript modules: types are removed, positions lead back to the source.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { findJsxSettings } from "../jsx-settings.ts";
import type * as Transform from "oxc-transform";

const TYPESCRIPT_FILE = /\.(?:[cm]?tsx?|jsx)$/;
const FILE_WITH_ELEMENTS = /\.[jt]sx$/;
/** Syntax that the oldest supported Node understands. */
const TARGET = "es2022";

let transform: typeof Transform.transformSync | undefined;

/** Whether the module at `url` is TypeScript to be translated here. */
export function isTypeScript(url: string): boolean {
  const path = withoutVersion(url);
  return path.startsWith("file:") && TYPESCRIPT_FILE.test(path) && !path.includes("/node_modules/");
}

/** What a loader hook answers. */
export interface LoadedSource {
  readonly format: "module" | "commonjs";
  readonly source: string;
  readonly shortCircuit: true;
}

/**
 * Translates the TypeScript file at `url`.
 *
 * @throws {SyntaxError} with line and excerpt when the file does not parse
 */
export function loadTypeScript(url: string): LoadedSource {
  transform ??= (createRequire(import.meta.url)("oxc-transform") as typeof Transform).transformSync;
  const path = fileURLToPath(withoutVersion(url));
  const result = transform(path, readFileSync(path, "utf8"), {
    sourcemap: true,
    target: TARGET,
    typescript: { rewriteImportExtensions: false },
    ...(FILE_WITH_ELEMENTS.test(path) ? { jsx: findJsxSettings(dirname(path)) ?? {} } : {}),
  });
  const problem = result.errors.find(({ severity }: { severity: string }) => severity === "Error");
  if (problem) throw new SyntaxError(`${path}: ${problem.message}\n${problem.codeframe ?? ""}`);
  const map = Buffer.from(JSON.stringify(result.map)).toString("base64");
  return {
    format: path.endsWith(".cts") ? "commonjs" : "module",
    source: `${result.code}\n//# sourceMappingURL=data:application/json;base64,${map}`,
    shortCircuit: true,
  };
}

/** The names that an import without a file of that name may mean, most likely first. */
export function alternativesOf(specifier: string): string[] {
  const asSource = specifier.replace(/\.([cm]?)js(x?)$/, ".$1ts$2");
  return [
    ...(asSource === specifier ? [] : [asSource, asSource.replace(/\.ts$/, ".tsx")]),
    `${specifier}.ts`,
    `${specifier}.tsx`,
    `${specifier}.js`,
    `${specifier}.jsx`,
    `${specifier}.mts`,
    `${specifier}.cts`,
    `${specifier}/index.ts`,
    `${specifier}/index.tsx`,
    `${specifier}/index.js`,
  ];
}

function withoutVersion(url: string): string {
  const at = url.indexOf("?");
  return at < 0 ? url : url.slice(0, at);
}
