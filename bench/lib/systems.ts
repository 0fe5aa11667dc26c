// The systems that run a workload: ours in its ways, then the peers that are installed.
import { existsSync } from "node:fs";
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

/** Ours, by workers that share every batch. */
const SHARED = "2 ranks";
const RANKS = 2;
/** Trainings that can be shared: batch normalisation cannot. */
const WITH_RANKS: readonly Name[] = ["mlp", "lenet", "lstm", "transformer"];

/** Workloads on which plain loops take their turn too, and how often; on the others a step takes them seconds. */
const WITH_LOOPS: { readonly [Workload in Name]?: { naive: string; rounds?: number } } = {
  mlp: { naive: "mlp-naive.js" },
  matmul: { naive: "matmul-naive.js", rounds: 3 },
};

/** A JavaScript library. */
interface ScriptPeer {
  readonly peer: string;
  readonly variant: string;
  /** Its folder among the peers' packages. */
  readonly folder: string;
  readonly script: string;
  /** How often it has its turn where one step takes long. */
  readonly rounds: { readonly [Workload in Name]?: number };
}

/** The JavaScript libraries. */
export const SCRIPT_PEERS: readonly ScriptPeer[] = [
  {
    peer: "jax-js",
    variant: "0.1.25, WebAssembly",
    folder: "@jax-js/jax",
    script: "jax.mjs",
    rounds: { lenet: 2, convnet: 1, matmul: 3, conv: 1, convgrad: 1 },
  },
  {
    peer: "TensorFlow.js",
    variant: "4.22.0, WebAssembly",
    folder: "@tensorflow/tfjs",
    script: "tensorflow.mjs",
    rounds: { lstm: 3, convnet: 3, transformer: 3, convgrad: 3 },
  },
];

/** The peers of this machine. */
export interface Peers {
  readonly torch: TorchProgram;
  readonly scripts: readonly ScriptPeer[];
  readonly missing: readonly MissingPeer[];
}

// The peers' packages, and the programs that are no TypeScript, lie in the source folder.
const sourceOf = (path: string): string =>
  fileURLToPath(new URL(`../../../bench/${path}`, import.meta.url));

/** Looks for the peers. */
export function findPeers(): Peers {
  const torch = findTorch();
  const isThere = ({ folder }: ScriptPeer): boolean =>
    existsSync(sourceOf(`peers/node_modules/${folder}`));
  const absent = SCRIPT_PEERS.filter((peer) => !isThere(peer));
  return {
    torch,
    scripts: SCRIPT_PEERS.filter(isThere),
    missing: [
      ...("reason" in torch ? [{ peer: TORCH, reason: torch.reason }] : []),
      ...absent.map(({ peer }) => ({ peer, reason: "run: npm ci --prefix bench/peers" })),
    ],
  };
}

/** Starts the systems that run a workload, ours compiled first. */
export function systemsFor(name: Name, { torch, scripts }: Peers): System[] {
  const systems = [
    system("gradlab", `${COMPILED}, ${THREADS} threads`, ours(name, "compiled")),
    system("gradlab", OP_BY_OP, ours(name, "automatic")),
  ];
  if (WITH_RANKS.includes(name)) {
    const threads = Math.max(1, Math.floor(THREADS / RANKS));
    const variant = `${SHARED} of ${threads} thread${threads === 1 ? "" : "s"}`;
    systems.push(system("gradlab", variant, ours(name, `ranks: ${RANKS}`)));
  }
  const loops = WITH_LOOPS[name];
  if (loops !== undefined) {
    const { naive, ...turns } = loops;
    const readable = system("gradlab", `${READABLE}, 1 thread`, ours(name, "typescript"));
    const plain = system(NAIVE, "1 thread", nodeCommand(naive));
    systems.push({ ...readable, ...turns }, { ...plain, ...turns });
  }
  for (const { peer, variant, script, rounds } of scripts) {
    const command = {
      program: process.execPath,
      parameters: [sourceOf(`lib/peers/${script}`), name],
    };
    const turns = rounds[name];
    const peerSystem = system(peer, variant, command);
    systems.push(turns === undefined ? peerSystem : { ...peerSystem, rounds: turns });
  }
  if ("reason" in torch) return systems;
  const script = sourceOf("lib/torch_worker.py");
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
