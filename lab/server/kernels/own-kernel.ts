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
    folder: logoFolder(),
    spec: createKernelSpec({ node: process.execPath, main }),
  };
}

/** The logo as a picture that the page shows too. */
export function logoFile(): string {
  return join(logoFolder(), "logo-svg.svg");
}

function logoFolder(): string {
  return join(findInstallation(), "lab", "server", "kernels", "logo");
}
