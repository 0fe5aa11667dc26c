// Finds the kernels of this machine: our own, those handed in, and those installed for Jupyter.
import { readFileSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { KernelSpec } from "../../../kernel/protocol/kernel-spec.ts";
import { readSpec } from "./kernel-spec.ts";
import type { NamedSpec } from "./kernel-spec.ts";
import { ownKernel } from "./own-kernel.ts";

/**
 * All kernels by name; where two have one name, the first found counts.
 *
 * @param given - kernels that come before all others
 */
export function findSpecs(
  given: Readonly<Record<string, KernelSpec>> = {},
): ReadonlyMap<string, NamedSpec> {
  const found = new Map<string, NamedSpec>();
  const add = (name: string, spec: KernelSpec | undefined, folder?: string): void => {
    if (spec !== undefined && !found.has(name)) found.set(name, { name, folder, spec });
  };
  for (const [name, spec] of Object.entries(given)) add(name, spec);
  const own = ownKernel();
  add(own.name, own.spec, own.folder);
  for (const folder of jupyterDataFolders().map((data) => join(data, "kernels"))) {
    for (const entry of listNames(folder)) {
      const name = entry.toLowerCase();
      if (/^[a-z0-9._-]+$/.test(name))
        add(name, loadSpec(join(folder, entry)), join(folder, entry));
    }
  }
  return found;
}

/** Where Jupyter programs keep data, most specific first. */
export function jupyterDataFolders(
  environment: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  const listed = (environment["JUPYTER_PATH"] ?? "").split(delimiter).filter(Boolean);
  const own = environment["JUPYTER_DATA_DIR"] ?? userDataFolder(environment);
  const shared =
    process.platform === "win32"
      ? [join(environment["PROGRAMDATA"] ?? String.raw`C:\ProgramData`, "jupyter")]
      : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  return [...listed, own, ...shared];
}

function userDataFolder(environment: NodeJS.ProcessEnv): string {
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32") return join(environment["APPDATA"] ?? homedir(), "jupyter");
  const base = environment["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share");
  return join(base, "jupyter");
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function loadSpec(folder: string): KernelSpec | undefined {
  try {
    return readSpec(JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")));
  } catch {
    return undefined;
  }
}
