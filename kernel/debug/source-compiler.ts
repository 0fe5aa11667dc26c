// Sources that no loaded script has: cells that were sent before they run, and files that nobody has imported yet.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { compileWithCommands } from "../commands/compile-cell.ts";
import type { KnownNames } from "../compile/globals.ts";
import { findJsxSettings } from "../execute/jsx-settings.ts";
import { isTypeScript, loadTypeScript } from "../execute/runtime/typescript-loader.ts";
import { readSourceMap, SAME_PLACES, type SourcePositions } from "./source-positions.ts";

/** A source as it would be loaded. */
export interface CompiledSource {
  readonly javascript: string;
  readonly positions: SourcePositions;
  readonly isCell: boolean;
}

/** Compiles a cell as if it ran now; undefined when it has a syntax error. */
export function compileDumpedCell(code: string, known: KnownNames): CompiledSource | undefined {
  const jsx = (): ReturnType<typeof findJsxSettings> => findJsxSettings(process.cwd());
  const compiled = compileWithCommands(code, { number: 1, name: "cell.ts", known, jsx });
  if (!compiled.ok) return undefined;
  return { javascript: compiled.javascript, positions: compiled.positions, isCell: true };
}

/** Compiles a file as an import would; undefined when that fails. */
export function compileFile(path: string): CompiledSource | undefined {
  try {
    const url = pathToFileURL(path).href;
    if (!isTypeScript(url)) {
      return { javascript: readFileSync(path, "utf8"), positions: SAME_PLACES, isCell: false };
    }
    const { source } = loadTypeScript(url);
    const map = /base64,(\S+)$/.exec(source)?.[1] ?? "";
    const mapped = readSourceMap(Buffer.from(map, "base64").toString("utf8"));
    return mapped && { javascript: source, positions: mapped.positions, isCell: false };
  } catch {
    return undefined;
  }
}
