// Where the project lies, and which notebooks it has.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root folder. */
export const PROJECT: string = fileURLToPath(new URL("../..", import.meta.url));

/** Every notebook under `notebooks/`, relative to the project, with forward slashes. */
export function notebookFiles(): string[] {
  return readdirSync(join(PROJECT, "notebooks"), { recursive: true, encoding: "utf8" })
    .map((path) => `notebooks/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ipynb") && !path.includes("/."))
    .sort();
}
