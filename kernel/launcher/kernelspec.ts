// The kernelspec: how Jupyter finds and starts this kernel.
import { accessSync, constants, existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** The kernel's name in Jupyter. */
export const KERNEL_NAME = "gradlab";

/** The content of a `kernel.json`. */
export interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: "message";
  readonly env: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What a kernelspec points to. */
export interface KernelProgram {
  /** Absolute path of Node. */
  readonly node: string;
  /** Absolute path of the `gradlab` program. */
  readonly main: string;
}

/** Makes the kernelspec that starts `program`. */
export function createKernelSpec(program: KernelProgram): KernelSpec {
  return {
    argv: [program.node, program.main, "kernel", "start", "-f", "{connection_file}"],
    display_name: "TypeScript (gradlab)",
    language: "typescript",
    // A signal cannot be seen while user code is busy, a message can.
    interrupt_mode: "message",
    env: {},
    metadata: { debugger: false },
  };
}

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
  await writeFile(join(folder, "kernel.json"), `${JSON.stringify(spec, undefined, 2)}\n`);
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

function userDataFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const own = environment["JUPYTER_DATA_DIR"];
  if (own) return own;
  const home = environment["HOME"] ?? homedir();
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform === "win32") return join(environment["APPDATA"] ?? home, "jupyter");
  return join(environment["XDG_DATA_HOME"] ?? join(home, ".local", "share"), "jupyter");
}
