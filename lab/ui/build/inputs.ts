// What the built page depends on: one hash over its sources and the lockfile.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * SHA-256 of everything that can change the page: its sources, its build and the locked packages.
 *
 * @param project - the clone's folder
 */
export function hashInputs(project: string): string {
  const hash = createHash("sha256");
  const files = [
    "lab/ui/package.json",
    "package-lock.json",
    ...listFiles(project, "lab/ui/build"),
    ...listFiles(project, "lab/ui/page"),
  ];
  for (const file of files) {
    const text = readFileSync(join(project, file));
    hash.update(`${file}\0${text.length}\0`).update(text);
  }
  return hash.digest("hex");
}

function listFiles(project: string, folder: string): string[] {
  return readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(project.length)
        .replaceAll("\\", "/")
        .replace(/^\//, ""),
    )
    .sort();
}
