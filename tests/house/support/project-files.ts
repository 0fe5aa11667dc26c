// The files that git tracks or would track, so that the rules see what a commit would hold.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSource, type SourceFile } from "../rules/source-file.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Paths relative to the project that match, tracked or new and not ignored. */
export function projectFiles(pattern: RegExp): string[] {
  const output = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return output.split("\n").filter((path) => pattern.test(path) && existsSync(join(ROOT, path)));
}

/** Parses every matching file. */
export function parseProject(pattern: RegExp): SourceFile[] {
  return projectFiles(pattern).map((path) =>
    parseSource(path, readFileSync(join(ROOT, path), "utf8")),
  );
}
