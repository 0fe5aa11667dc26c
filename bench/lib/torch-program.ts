// Finds a Python that has PyTorch, and the fastest BLAS that Debian offers for it.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { WorkerCommand } from "../workers/worker-process.ts";

/** PyTorch as a program to start, or the reason why there is none. */
export type TorchProgram =
  | {
      readonly command: (script: string, workload: string, threads: number) => WorkerCommand;
      readonly version: string;
    }
  | { readonly reason: string };

/** Looks for PyTorch in the usual Pythons. */
export function findTorch(): TorchProgram {
  for (const program of ["python3", "/usr/bin/python3", "python"]) {
    const version = torchVersion(program);
    if (version === undefined) continue;
    const blas = fastBlasFolder();
    const name = blas === undefined ? "the system's BLAS" : "OpenBLAS-openmp";
    return {
      version: `${version}, ${name}`,
      command: (script, workload, threads) => ({
        program,
        parameters: [script, workload, String(threads)],
        environment: {
          ...(blas === undefined ? {} : { LD_LIBRARY_PATH: blas }),
          OMP_NUM_THREADS: String(threads),
          OPENBLAS_NUM_THREADS: String(threads),
        },
      }),
    };
  }
  return {
    reason: "no Python here has it; on Debian: apt-get install python3-torch libopenblas0-openmp",
  };
}

function torchVersion(program: string): string | undefined {
  try {
    const text = execFileSync(program, ["-c", "import torch; print(torch.__version__)"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return text.trim();
  } catch {
    return undefined;
  }
}

// Whatever BLAS is installed decides PyTorch's speed, up to sixfold: compare with the fastest only.
function fastBlasFolder(): string | undefined {
  const libraries = "/usr/lib";
  if (!existsSync(libraries)) return undefined;
  return readdirSync(libraries)
    .map((platform) => join(libraries, platform, "openblas-openmp"))
    .find((folder) => existsSync(folder));
}
