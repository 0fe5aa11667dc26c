// gradlab's own kernel, as this installation brings it.
import { join } from "node:path";
import { createKernelSpec, KERNEL_NAME } from "../../../kernel/protocol/kernel-spec.ts";
import { findInstallation } from "../installation.ts";
import type { NamedSpec } from "./kernel-spec.ts";

/** The kernel of this installation, run by the Node that runs now, with its logo from beside the sources. */
export function ownKernel(): NamedSpec {
  const installation = findInstallation();
  const main = join(installation, "dist", "cli", "main.js");
  return {
    name: KERNEL_NAME,
    folder: join(installation, "lab", "server", "kernels", "logo"),
    spec: createKernelSpec({ node: process.execPath, main }),
  };
}
