// Where this gradlab is installed, and which version it is.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The absolute folder that holds gradlab's own package.json, whether it runs from `dist/` or from its sources. */
export function installationFolder(): string {
  return dirname(createRequire(import.meta.url).resolve("gradlab/package.json"));
}

/** The `version` field of gradlab's own package.json. */
export function readVersion(): string {
  const text = readFileSync(join(installationFolder(), "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
