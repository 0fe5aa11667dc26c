// `gradlab kernel start`, without the command line's own code: a kernel is started often, and always in the same way.
import { runKernel } from "../kernel/launcher/start.ts";
import { findInstallation } from "../lab/server/installation.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { readVersion } from "./version.ts";

/**
 * Runs a kernel to its end, then ends this process.
 *
 * @param memory - limit of the JavaScript heap in MiB, as text; `GRADLAB_MEMORY` when absent
 * @throws {CommandError} when the kernel cannot start
 */
export async function startKernel(connectionFile: string, memory?: string): Promise<void> {
  const memoryMib = readMemory(memory ?? process.env["GRADLAB_MEMORY"]);
  const installation = findInstallation();
  try {
    await runKernel({
      connectionFile,
      memoryMib,
      folder: process.cwd(),
      moduleFolders: [installation],
      ownFolders: { gradlab: installation },
      version: readVersion(),
      log,
    });
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    if (code === "KERNEL_START") {
      throw new CommandError(message, EXIT.machineLacks, { cause: error });
    }
    if (code === "PROTOCOL_CONNECTION_FILE") {
      throw new CommandError(message, EXIT.wrongUse, { cause: error });
    }
    throw error;
  }
  // Nothing of the kernel is left; a package may still hold the process.
  process.exit(0);
}

function readMemory(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const mebibytes = Number(text);
  if (Number.isInteger(mebibytes) && mebibytes > 0) return mebibytes;
  throw new CommandError(
    `--memory and GRADLAB_MEMORY must be a whole number of MiB, got "${text}". For 8 GiB use 8192.`,
    EXIT.wrongUse,
  );
}

/** The same for the arguments that kernelspecs give; what it throws becomes a message and an exit code. */
export async function startFromKernelSpec(connectionFile: string): Promise<void> {
  try {
    await startKernel(connectionFile);
  } catch (error) {
    const { reportFailure } = await import("./program.ts");
    process.exitCode = reportFailure(error);
  }
}

function log(text: string): void {
  console.error(`gradlab kernel: ${text}`);
}
