// Where the kernelspec lies for Jupyter to find, and how it gets there and away again.
import { accessSync, constants, existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { KERNEL_NAME } from "../protocol/kernel-spec.ts";
import type { KernelSpec } from "../protocol/kernel-spec.ts";

/** Where kernelspecs are kept. */
export interface SpecPlace {
  /** Installs below this folder, as in `<prefix>/share/jupyter`. */
  readonly prefix?: string | undefined;
}

/** The folder that holds the kernelspec at `place`; the user's own without a prefix. */
export function specFolder(
  place: SpecPlace,
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const data = place.prefix
    ? join(place.prefix, "share", "jupyter")
    : userDataFolder(environment, platform);
  return join(data, "kernels", KERNEL_NAME);
}

/** Writes the kernelspec. @returns the folder */
export async function installKernelSpec(spec: KernelSpec, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `kernel.json.${process.pid}`);
  try {
    await writeFile(draft, `${JSON.stringify(spec, undefined, 2)}\n`);
    // All at once: on a full disk an older file stays whole.
    await rename(draft, join(folder, "kernel.json"));
  } finally {
    await rm(draft, { force: true });
  }
  return folder;
}

/** Removes the kernelspec. @returns false when there was none */
export async function uninstallKernelSpec(folder: string): Promise<boolean> {
  if (!existsSync(join(folder, "kernel.json"))) return false;
  await rm(folder, { recursive: true });
  return true;
}

/** Whether a kernelspec can be written to `folder`, judged by the nearest folder that exists. */
export function isWritable(folder: string): boolean {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folder of the user in which Jupyter and its kernels keep their data. */
export function userDataFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const own = environment["JUPYTER_DATA_DIR"];
  if (own) return own;
  const home = environment["HOME"] ?? homedir();
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform === "win32") return join(environment["APPDATA"] ?? home, "jupyter");
  return join(environment["XDG_DATA_HOME"] ?? join(home, ".local", "share"), "jupyter");
}
