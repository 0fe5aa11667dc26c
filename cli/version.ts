// Which version this gradlab is.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findInstallation } from "../lab/server/installation.ts";

/** The `version` field of gradlab's own package.json. */
export function readVersion(): string {
  const text = readFileSync(join(findInstallation(), "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
