// Several kernels measured in turns: each round visits all of them, so that a busy machine hits them alike.
import { median, type MissingPeer, type Row } from "../report.ts";
import type { KernelClient } from "./kernel-client.ts";
import type { MeasuredKernel } from "./kernels.ts";

/** One turn of one kernel. */
export interface Measurement {
  readonly value: number;
  readonly memoryMib: number;
}

/** Something to measure on a kernel that runs. */
export interface Workload {
  readonly name: string;
  readonly unit: "ms" | "MiB";
  readonly measure: (client: KernelClient, kernel: MeasuredKernel) => Promise<number>;
}

/** Measurements by kernel; ours is the first. */
export type Results = Map<MeasuredKernel, Measurement[]>;

/** The kernels that are still in the race. */
export class Race {
  readonly clients: Map<MeasuredKernel, KernelClient>;
  readonly #missing: MissingPeer[];
  readonly #log: (text: string) => void;

  /** @param missing - takes those that fall out */
  constructor(
    clients: Map<MeasuredKernel, KernelClient>,
    missing: MissingPeer[],
    log: (text: string) => void,
  ) {
    this.clients = clients;
    this.#missing = missing;
    this.#log = log;
  }

  /** Measures a workload in so many rounds. A kernel that fails is out of this workload, and named. */
  async run(workload: Workload, rounds: number): Promise<Results> {
    const results: Results = new Map([...this.clients.keys()].map((kernel) => [kernel, []]));
    for (let round = 0; round < rounds; round++) {
      for (const [kernel, measurements] of results) {
        try {
          const client = this.clients.get(kernel)!;
          const value = await workload.measure(client, kernel);
          measurements.push({ value, memoryMib: client.memory().kernelMib });
          this.#log(`${workload.name}, ${kernel.peer}: ${value.toFixed(2)} ${workload.unit}`);
        } catch (error) {
          const reason = `${workload.name}: ${(error as Error).message}`;
          this.#missing.push({ peer: kernel.peer, reason });
          this.#log(`failed: ${kernel.peer} (${reason})`);
          results.delete(kernel);
        }
      }
    }
    return results;
  }
}

/** One row for each kernel; ratios are taken within each round. */
export function rowsOf(workload: string, unit: string, results: Results): Row[] {
  const ours = [...results].find(([{ peer }]) => peer === "gradlab")?.[1] ?? [];
  return [...results].map(([kernel, measurements]) => {
    const values = measurements.map(({ value }) => value);
    const ratios = values.map((value, round) => value / (ours[round]?.value ?? value));
    return {
      workload,
      variant: kernel.variant,
      peer: kernel.peer,
      median: median(values),
      unit,
      ratio: median(ratios),
      ratioRange: [Math.min(...ratios), Math.max(...ratios)],
      memoryMiB: Math.max(...measurements.map(({ memoryMib }) => memoryMib)),
      runs: measurements.length,
    };
  });
}

/** How many times as long a workload takes later as earlier, for each kernel. */
export function slowDownRows(workload: string, earlier: Results, later: Results): Row[] {
  const factors: Results = new Map();
  for (const [kernel, measurements] of later) {
    const before = median((earlier.get(kernel) ?? []).map(({ value }) => value));
    const after = median(measurements.map(({ value }) => value));
    const memoryMib = Math.max(...measurements.map((one) => one.memoryMib));
    factors.set(kernel, [{ value: after / before, memoryMib }]);
  }
  return rowsOf(workload, "times", factors);
}
