// Which program is the language server: the native TypeScript compiler of the kernel's own installation.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LanguageServerError } from "./errors.ts";

/** The command line that starts the language server. */
export type ServerCommand = readonly [string, ...string[]];

/**
 * Finds the compiler that is made for this machine.
 *
 * @param chosen - path of a program to use in its place
 * @throws {LanguageServerError} when it is not installed
 */
export function findServer(chosen?: string): ServerCommand {
  if (chosen) return checkChosen(chosen);
  const name = `@typescript/typescript-${process.platform}-${process.arch}`;
  try {
    const typescript = createRequire(import.meta.url).resolve("typescript/package.json");
    const folder = dirname(createRequire(typescript).resolve(`${name}/package.json`));
    const program = join(folder, "lib", process.platform === "win32" ? "tsc.exe" : "tsc");
    if (existsSync(program)) return [program, "--lsp", "--stdio"];
  } catch {
    // Said below.
  }
  throw new LanguageServerError(
    "LANGUAGE_SERVER_MISSING",
    `types need the package ${name} beside gradlab, but it is not there. ` +
      'Run "npm install" again without --omit=optional, or go on without types.',
  );
}

function checkChosen(program: string): ServerCommand {
  if (existsSync(program)) return [program, "--lsp", "--stdio"];
  throw new LanguageServerError(
    "LANGUAGE_SERVER_MISSING",
    `GRADLAB_TSC must be the path of TypeScript's compiler, but there is no ${program}. ` +
      "Correct it, or unset it to use the one that is installed with gradlab.",
  );
}
