// Starting the process that runs user code. Few imports: a kernel does this before it loads anything else.
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { CONTEXT_FRAME_FLAG } from "./runtime/cell-context.ts";

/** Warnings about how the runtime is built, which are not the user's business. */
const QUIET = ["--disable-warning=ExperimentalWarning", "--disable-warning=DEP0205"];

/** How a runtime process is started. */
export interface RuntimeOptions {
  /** The notebook's folder. */
  readonly folder: string;
  /** Folders that are searched for packages which the notebook's folder does not have. */
  readonly moduleFolders: readonly string[];
  /** Limit of the JavaScript heap in MiB; V8's own when absent. */
  readonly memoryMib?: number | undefined;
}

/** Starts a runtime process; descriptor 3 is the pipe to speak to it. One that cannot start has no `pid`. */
export function spawnRuntime({ folder, moduleFolders, memoryMib }: RuntimeOptions): ChildProcess {
  const entry = fileURLToPath(new URL("./runtime/entry.js", import.meta.url));
  const flags = ["--no-force-async-hooks-checks", ...QUIET];
  if (process.allowedNodeEnvironmentFlags.has(CONTEXT_FRAME_FLAG)) flags.push(CONTEXT_FRAME_FLAG);
  if (memoryMib !== undefined) flags.push(`--max-old-space-size=${memoryMib}`);
  const child = spawn(process.execPath, [...flags, entry, ...moduleFolders], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  // Nobody may listen yet when the system refuses; without a listener the kernel would end.
  child.on("error", () => undefined);
  return child;
}
