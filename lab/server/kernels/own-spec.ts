// The kernelspec of gradlab's own kernel, made from this installation.
import { join } from "node:path";
import { findInstallation } from "../installation.ts";
import type { KernelSpec } from "./kernel-spec.ts";

/** Name of the kernel that this package brings. */
export const OWN_KERNEL = "gradlab";

/** How to start the kernel of this installation with the Node that runs now. */
export function ownSpec(): KernelSpec {
  const program = join(findInstallation(), "dist", "cli", "main.js");
  return {
    argv: [process.execPath, program, "kernel", "start", "-f", "{connection_file}"],
    display_name: "TypeScript (gradlab)",
    language: "typescript",
    interrupt_mode: "message",
    env: {},
    metadata: { debugger: false },
  };
}

/** The folder of the logo of our kernel; it lies beside the sources, which the package carries. */
export function logoFolder(): string {
  return join(findInstallation(), "lab", "server", "kernels", "logo");
}
