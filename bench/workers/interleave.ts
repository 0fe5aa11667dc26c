// Interleaved rounds: every system has its turn in every round, so that what slows the machine slows all.
import { median, type Row } from "../report.ts";
import type { Speed } from "./serve.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** One system of a comparison; the first of the list is ours. */
export interface System {
  readonly peer: string;
  readonly variant: string;
  readonly worker: WorkerProcess;
  /** Rounds in which it has a turn: all unless given. One step of a slow system takes seconds. */
  readonly rounds?: number;
}

/** How long to measure. */
export interface Turns {
  readonly rounds: number;
  readonly seconds: number;
}

/** What was measured of one system. */
export interface Measured {
  readonly row: Row;
  /** Steps per second in each round. */
  readonly rates: readonly number[];
}

/** Steps per second of each system, and each one's ratio to the first within the same round. */
export async function interleave(
  workload: string,
  systems: readonly System[],
  { rounds, seconds }: Turns,
): Promise<Measured[]> {
  const speeds: Speed[][] = systems.map(() => []);
  const roundsOf = (system: System): number => Math.min(system.rounds ?? rounds, rounds);
  // The first turn compiles and warms caches; it does not count. A slow system is spared it.
  for (const system of systems) {
    if (system.rounds === undefined) await system.worker.ask<Speed>({ seconds: seconds / 2 });
  }
  for (let round = 0; round < rounds; round++) {
    for (const [index, system] of systems.entries()) {
      if (round < roundsOf(system))
        speeds[index]!.push(await system.worker.ask<Speed>({ seconds }));
    }
  }
  const rates = speeds.map((turns) => turns.map((turn) => turn.steps / turn.seconds));
  return systems.map(({ peer, variant }, index) => {
    const ratios = ratiosOf(rates[0]!, rates[index]!);
    const row = {
      workload,
      variant,
      peer,
      median: median(rates[index]!),
      unit: "steps/s",
      ratio: median(ratios),
      ratioRange: [Math.min(...ratios), Math.max(...ratios)] as const,
      memoryMiB: Math.max(...speeds[index]!.map(({ memoryMiB }) => memoryMiB)),
      runs: rates[index]!.length,
    };
    return { row, rates: rates[index]! };
  });
}

/** How many times as fast the first is, in each round that both took part in. */
export function ratiosOf(rates: readonly number[], others: readonly number[]): number[] {
  // Time is the inverse of the rate: other's time / own time = own rate / other's rate.
  return others.map((rate, round) => rates[round]! / rate);
}
