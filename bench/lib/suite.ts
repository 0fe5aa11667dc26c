// The library's suite: one training step of an MLP, beside naive loops and PyTorch.
import { fileURLToPath } from "node:url";
import { machineText, type MissingPeer, type Report, type SuiteOptions } from "../report.ts";
import { interleave, type System } from "../workers/interleave.ts";
import type { Check } from "../workers/serve.ts";
import { WorkerError, WorkerProcess } from "../workers/worker-process.ts";
import { findTorch } from "./torch-program.ts";

const WORKLOAD = "MLP 784-256-128-10, batch 128, Adam";

/** Runs the suite. */
export async function runLibSuite(options: SuiteOptions): Promise<Report> {
  const missing: MissingPeer[] = [];
  const systems = [nodeSystem("gradlab", "readable backend, 1 thread", "mlp-gradlab.js")];
  systems.push(nodeSystem("naive loops", "1 thread", "mlp-naive.js"));
  const torch = findTorch();
  if ("reason" in torch) missing.push({ peer: "PyTorch", reason: torch.reason });
  else {
    // tsc copies no Python: the script lies in the source folder.
    const script = fileURLToPath(new URL("../../../bench/lib/mlp_torch.py", import.meta.url));
    for (const threads of [1, 2]) {
      const worker = new WorkerProcess("PyTorch", torch.command(script, threads));
      const variant = `${torch.version}, ${threads} thread${threads === 1 ? "" : "s"}`;
      systems.push({ peer: "PyTorch", variant, worker });
    }
  }
  for (const { peer, reason } of missing) options.log(`missing: ${peer} (${reason})`);
  try {
    await requireSameWeights(systems, options.log);
    const rows = await interleave(WORKLOAD, systems, options);
    return { suite: "lib", machine: machineText(), rows, missing };
  } finally {
    for (const { worker } of systems) worker.stop();
  }
}

function nodeSystem(peer: string, variant: string, file: string): System {
  const script = fileURLToPath(new URL(file, import.meta.url));
  return {
    peer,
    variant,
    worker: new WorkerProcess(peer, { program: process.execPath, parameters: [script] }),
  };
}

const CHECK_STEPS = 20;
// float32 sums in another order, and Adam's division by the root of small numbers, over 20 steps.
const TOLERANCE = 5e-5;

// Speeds of systems that compute different things cannot be compared.
async function requireSameWeights(
  systems: readonly System[],
  log: (text: string) => void,
): Promise<void> {
  const checks: Check[] = [];
  for (const { worker } of systems) checks.push(await worker.ask({ checkSteps: CHECK_STEPS }));
  for (const [index, { peer, variant }] of systems.entries()) {
    const difference = largestDifference(checks[0]!.weights, checks[index]!.weights);
    log(
      `${peer}, ${variant}: weights after ${CHECK_STEPS} steps differ by ${difference.toExponential(1)}`,
    );
    if (difference <= TOLERANCE) continue;
    throw new WorkerError(
      `${peer}: expected weights within ${TOLERANCE} of gradlab's after ${CHECK_STEPS} steps; they differ by ${difference}. One of the two computes another step: compare the losses.`,
    );
  }
}

const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
