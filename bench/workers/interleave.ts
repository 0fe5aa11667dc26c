// Interleaved rounds: every system has its turn in every round, so that what slows the machine slows all.
import { median, type Row } from "../report.ts";
import type { Speed } from "./serve.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** One system of a comparison; the first of the list is ours. */
export interface System {
  readonly peer: string;
  readonly variant: string;
  readonly worker: WorkerProcess;
}

/** How long to measure. */
export interface Turns {
  readonly rounds: number;
  readonly seconds: number;
}

/** Steps per second of each system, and each one's ratio to the first within the same round. */
export async function interleave(
  workload: string,
  systems: readonly System[],
  { rounds, seconds }: Turns,
): Promise<Row[]> {
  const speeds: Speed[][] = systems.map(() => []);
  // The first turn compiles and warms caches; it does not count.
  for (const { worker } of systems) await worker.ask<Speed>({ seconds: seconds / 2 });
  for (let round = 0; round < rounds; round++) {
    for (const [index, { worker }] of systems.entries()) {
      speeds[index]!.push(await worker.ask<Speed>({ seconds }));
    }
  }
  const rates = speeds.map((turns) => turns.map((turn) => turn.steps / turn.seconds));
  return systems.map(({ peer, variant }, index) => {
    // Time is the inverse of the rate: peer's time / our time = our rate / peer's rate.
    const ratios = rates[index]!.map((rate, round) => rates[0]![round]! / rate);
    return {
      workload,
      variant,
      peer,
      median: median(rates[index]!),
      unit: "steps/s",
      ratio: median(ratios),
      ratioRange: [Math.min(...ratios), Math.max(...ratios)],
      memoryMiB: Math.max(...speeds[index]!.map(({ memoryMiB }) => memoryMiB)),
      runs: rounds,
    };
  });
}
