// What the kernelspec runs. The process for cells needs the longest to start, so it comes before all other code.
import { spawnRuntime } from "../execute/spawn-runtime.ts";
import type { KernelOptions } from "./serve.ts";

/**
 * Runs a kernel until it is shut down or its parent process is gone.
 *
 * @throws {KernelStartError} when the connection file cannot be read or a port is taken
 * @throws {ProtocolError} when the connection file is damaged
 */
export async function runKernel(options: KernelOptions): Promise<void> {
  const spawned = spawnRuntime(options);
  try {
    const { serveKernel } = await import("./serve.ts");
    await serveKernel({ ...options, spawned });
  } finally {
    spawned.kill("SIGKILL");
  }
}
