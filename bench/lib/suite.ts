// The library's suite: training steps of five models, compiled and op by op, beside PyTorch and naive loops.
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import {
  machineText,
  type MissingPeer,
  type Report,
  type Row,
  type SuiteOptions,
} from "../report.ts";
import { interleave, type System } from "../workers/interleave.ts";
import type { Check } from "../workers/serve.ts";
import { type WorkerCommand, WorkerError, WorkerProcess } from "../workers/worker-process.ts";
import { findTorch, type TorchProgram } from "./torch-program.ts";
import { RECIPES, type WorkloadName } from "./workloads.ts";

const THREADS = availableParallelism();

/** Workloads on which plain loops take their turn too; on the others a step takes them seconds. */
const WITH_LOOPS: readonly WorkloadName[] = ["mlp"];

/** Runs the suite. */
export async function runLibSuite(options: SuiteOptions): Promise<Report> {
  const missing: MissingPeer[] = [];
  const torch = findTorch();
  if ("reason" in torch) missing.push({ peer: "PyTorch", reason: torch.reason });
  for (const { peer, reason } of missing) options.log(`missing: ${peer} (${reason})`);
  const rows: Row[] = [];
  for (const name of Object.keys(RECIPES) as WorkloadName[]) {
    const systems = systemsFor(name, torch);
    try {
      await requireSameWeights(systems, options.log);
      rows.push(...(await interleave(RECIPES[name].title, systems, options)));
    } finally {
      for (const { worker } of systems) worker.stop();
    }
  }
  return { suite: "lib", machine: machineText(), rows, missing };
}

function systemsFor(name: WorkloadName, torch: TorchProgram): System[] {
  const systems = [
    system("gradlab", `compiled, ${THREADS} threads`, nodeCommand("gradlab.js", name, "compiled")),
    system("gradlab", "op by op, 1 thread", nodeCommand("gradlab.js", name, "automatic")),
  ];
  if (WITH_LOOPS.includes(name)) {
    const readable = nodeCommand("gradlab.js", name, "typescript");
    systems.push(system("gradlab", "readable loops, 1 thread", readable));
    systems.push(system("naive loops", "1 thread", nodeCommand("mlp-naive.js")));
  }
  if ("reason" in torch) return systems;
  // tsc copies no Python: the script lies in the source folder.
  const script = fileURLToPath(new URL("../../../bench/lib/torch_worker.py", import.meta.url));
  const variant = `${torch.version}, ${THREADS} threads`;
  return [...systems, system("PyTorch", variant, torch.command(script, name, THREADS))];
}

const system = (peer: string, variant: string, command: WorkerCommand): System => ({
  peer,
  variant,
  worker: new WorkerProcess(peer, command),
});

function nodeCommand(file: string, ...parameters: readonly string[]): WorkerCommand {
  const script = fileURLToPath(new URL(file, import.meta.url));
  return { program: process.execPath, parameters: [script, ...parameters, String(THREADS)] };
}

const CHECK_STEPS = 20;
// float32 sums in another order, and Adam's division by the root of small numbers, over 20 steps.
const TOLERANCE = 2e-4;

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
