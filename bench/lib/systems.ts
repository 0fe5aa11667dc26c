// The systems that run a workload: ours in its ways, then the peers that are installed.
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { MissingPeer } from "../report.ts";
import type { System } from "../workers/interleave.ts";
import { type WorkerCommand, WorkerProcess } from "../workers/worker-process.ts";
import { OPERATIONS, type OperationName } from "./operations.ts";
import { findTorch, type TorchProgram } from "./torch-program.ts";
import { RECIPES, type WorkloadName } from "./workloads.ts";

/** Threads of every system that can have more than one. */
export const THREADS: number = availableParallelism();

/** Name of a workload: a training or a single operation. */
export type Name = WorkloadName | OperationName;

/** All names, in the order in which they run. */
export const NAMES: readonly Name[] = [...keysOf(RECIPES), ...keysOf(OPERATIONS)];

/** What a workload is called in a table. */
export function titleOf(name: Name): string {
  return { ...RECIPES, ...OPERATIONS }[name].title;
}

/** Ours, as one graph. */
export const COMPILED = "compiled";
/** Ours, as a cell runs it. */
export const OP_BY_OP = "op by op";
/** Ours, on the backend that is there to be read. */
export const READABLE = "readable loops";
/** The same step without tiles, without a library. */
export const NAIVE = "naive loops";
/** The peer that decides. */
export const TORCH = "PyTorch";

/** Workloads on which plain loops take their turn too; on the others a step takes them seconds. */
const WITH_LOOPS: readonly Name[] = ["mlp"];

/** The peers of this machine. */
export interface Peers {
  readonly torch: TorchProgram;
  readonly missing: readonly MissingPeer[];
}

/** Looks for the peers. */
export function findPeers(): Peers {
  const torch = findTorch();
  const missing = "reason" in torch ? [{ peer: TORCH, reason: torch.reason }] : [];
  return { torch, missing };
}

/** Starts the systems that run a workload, ours compiled first. */
export function systemsFor(name: Name, { torch }: Peers): System[] {
  const systems = [
    system("gradlab", `${COMPILED}, ${THREADS} threads`, ours(name, "compiled")),
    system("gradlab", OP_BY_OP, ours(name, "automatic")),
  ];
  if (WITH_LOOPS.includes(name)) {
    systems.push(system("gradlab", `${READABLE}, 1 thread`, ours(name, "typescript")));
    systems.push(system(NAIVE, "1 thread", nodeCommand("mlp-naive.js")));
  }
  if ("reason" in torch) return systems;
  // tsc copies no Python: the script lies in the source folder.
  const script = fileURLToPath(new URL("../../../bench/lib/torch_worker.py", import.meta.url));
  const variant = `${torch.version}, ${THREADS} threads`;
  return [...systems, system(TORCH, variant, torch.command(script, name, THREADS))];
}

const ours = (name: Name, way: string): WorkerCommand => nodeCommand("gradlab.js", name, way);

const system = (peer: string, variant: string, command: WorkerCommand): System => ({
  peer,
  variant,
  worker: new WorkerProcess(peer, command),
});

function nodeCommand(file: string, ...parameters: readonly string[]): WorkerCommand {
  const script = fileURLToPath(new URL(file, import.meta.url));
  return { program: process.execPath, parameters: [script, ...parameters, String(THREADS)] };
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(record) as Key[];
}
