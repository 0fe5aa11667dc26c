// What the library's numbers must reach beside the peers.
import { claim, median, type Claim } from "../report.ts";
import { ratiosOf, type Measured } from "../workers/interleave.ts";
import {
  COMPILED,
  NAIVE,
  type Name,
  OP_BY_OP,
  READABLE,
  SCRIPT_PEERS,
  titleOf,
  TORCH,
} from "./systems.ts";

/** Steps per second of the compiled step over PyTorch's: the least that will do. */
const FLOORS: Readonly<Record<Name, number>> = {
  mlp: 1.2,
  lenet: 1,
  lstm: 1.8,
  convnet: 1.1,
  transformer: 1.05,
  matmul: 0.75,
  conv: 1,
  convgrad: 0.95,
};
/** The same for training op by op. */
const OP_BY_OP_FLOORS: Partial<Record<Name, number>> = { mlp: 0.25, lenet: 0.4 };
/** Where our process may not need more memory than PyTorch's. */
const SMALL_MEMORY: readonly Name[] = ["mlp", "lenet"];
/** The product that is there to be read, in tiles, over three loops. */
const READABLE_OVER_NAIVE: Partial<Record<Name, number>> = { matmul: 3 };
/** Of whatever a JavaScript library can run. */
const COMPILED_OVER_SCRIPTS = 4;

/** Compares what was measured of one workload with what is wanted. */
export function claimsOf(name: Name, measured: readonly Measured[]): Claim[] {
  const find = (text: string): Measured | undefined =>
    measured.find(({ row }) => `${row.peer}, ${row.variant}`.includes(text));
  const title = titleOf(name);
  const compare = (fast: string, slow: string, atLeast: number | undefined): Claim[] => {
    const [a, b] = [find(fast), find(slow)];
    if (a === undefined || b === undefined || atLeast === undefined) return [];
    const ratio = median(ratiosOf(a.rates, b.rates));
    return [claim(`${title}: ${fast} over ${slow}`, ratio, { atLeast })];
  };
  return [
    ...compare(COMPILED, TORCH, FLOORS[name]),
    ...compare(OP_BY_OP, TORCH, OP_BY_OP_FLOORS[name]),
    ...compare(READABLE, NAIVE, READABLE_OVER_NAIVE[name]),
    ...SCRIPT_PEERS.flatMap(({ peer }) => compare(COMPILED, peer, COMPILED_OVER_SCRIPTS)),
    ...memoryClaim(name, find(COMPILED), find(TORCH)),
  ];
}

function memoryClaim(name: Name, ours?: Measured, torch?: Measured): Claim[] {
  if (ours === undefined || torch === undefined || !SMALL_MEMORY.includes(name)) return [];
  const ratio = ours.row.memoryMiB / torch.row.memoryMiB;
  return [claim(`${titleOf(name)}: memory over PyTorch's`, ratio, { atMost: 1 })];
}
