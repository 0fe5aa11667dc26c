// The kernels that are measured: ours, ipykernel and tslab, where they are installed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MissingPeer } from "../report.ts";
import type { KernelCells, KernelCommand } from "./kernel-client.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** A kernel to measure. */
export interface MeasuredKernel {
  readonly peer: string;
  readonly variant: string;
  readonly command: KernelCommand;
  readonly cells: KernelCells;
}

const TYPESCRIPT: KernelCells = {
  sum: "1 + 1",
  lines: "for (let i = 0; i < 100000; i++) console.log('x'.repeat(99))",
  endless: "while (true) {}",
};

const PYTHON: KernelCells = {
  sum: "1 + 1",
  lines: "for i in range(100000): print('x' * 99)",
  endless: "while True: pass",
};

/** Ours first, then the peers that are installed; and those that are not. */
export function findKernels(): { kernels: MeasuredKernel[]; missing: MissingPeer[] } {
  const missing: MissingPeer[] = [];
  const kernels = [ourKernel()];
  for (const find of [findIpykernel, findTslab]) {
    const found = find();
    if ("reason" in found) missing.push(found);
    else kernels.push(found);
  }
  return { kernels, missing };
}

function ourKernel(): MeasuredKernel {
  return {
    peer: "gradlab",
    variant: "untyped",
    cells: TYPESCRIPT,
    command: {
      program: process.execPath,
      parameters: (file) => [join(ROOT, "dist", "cli", "main.js"), "kernel", "start", "-f", file],
      folder: ROOT,
      interruptMode: "message",
    },
  };
}

function findIpykernel(): MeasuredKernel | MissingPeer {
  for (const program of ["/usr/bin/python3", "python3"]) {
    const code = "import ipykernel; print(ipykernel.__version__)";
    const { status, stdout } = spawnSync(program, ["-c", code], { encoding: "utf8" });
    if (status !== 0) continue;
    return {
      peer: "ipykernel",
      variant: stdout.trim(),
      cells: PYTHON,
      command: {
        program,
        parameters: (file) => ["-m", "ipykernel_launcher", "-f", file],
        folder: ROOT,
        interruptMode: "signal",
      },
    };
  }
  return { peer: "ipykernel", reason: "no Python that imports it; Debian: python3-ipykernel" };
}

function findTslab(): MeasuredKernel | MissingPeer {
  const folder = join(ROOT, "bench", "peers");
  const program = join(folder, "node_modules", "tslab", "bin", "tslab");
  if (!existsSync(program)) {
    return { peer: "tslab", reason: "npm install --prefix bench/peers installs it" };
  }
  return {
    peer: "tslab",
    variant: "1.0.22, type-checked",
    cells: TYPESCRIPT,
    command: {
      program: process.execPath,
      parameters: (file) => [program, "kernel", `--config-path=${file}`],
      folder,
      interruptMode: "signal",
    },
  };
}
