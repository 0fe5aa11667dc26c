// The kernels that are measured: ours, ipykernel, tslab and Deno, where they are installed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MissingPeer } from "../report.ts";
import { PYTHON, TYPESCRIPT, type KernelCells } from "./cells.ts";
import type { KernelCommand } from "./kernel-client.ts";

const INSTALL = "npm ci --prefix bench/peers installs it";
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** A kernel to measure. */
export interface MeasuredKernel {
  readonly peer: string;
  readonly variant: string;
  readonly command: KernelCommand;
  readonly cells: KernelCells;
}

/** Ours first, then the peers that are installed; and those that are not. */
export function findKernels(): { kernels: MeasuredKernel[]; missing: MissingPeer[] } {
  const missing: MissingPeer[] = [];
  const kernels = [ourKernel()];
  for (const find of [findIpykernel, findTslab, findDeno]) {
    const found = find();
    if ("reason" in found) missing.push(found);
    else kernels.push(found);
  }
  return { kernels, missing };
}

function ourKernel(): MeasuredKernel {
  return {
    peer: "gradlab",
    variant: "type-checked",
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
    return { peer: "tslab", reason: INSTALL };
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

function findDeno(): MeasuredKernel | MissingPeer {
  const folder = join(ROOT, "bench", "peers");
  const program = join(folder, "node_modules", ".bin", "deno");
  if (!existsSync(program)) return { peer: "deno", reason: INSTALL };
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return {
    peer: "deno",
    variant: `${/^deno (\S+)/.exec(stdout)?.[1] ?? "unknown"}, not type-checked`,
    cells: TYPESCRIPT,
    command: {
      program,
      parameters: (file) => ["jupyter", "--kernel", "--conn", file],
      folder,
      interruptMode: "message",
    },
  };
}
