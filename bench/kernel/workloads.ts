// What is measured on kernels that run.
import { median } from "../report.ts";
import type { KernelClient } from "./kernel-client.ts";
import type { MeasuredKernel } from "./kernels.ts";
import type { Race, Workload } from "./race.ts";

const SUMS_PER_TURN = 20;
const TYPED_PER_TURN = 3;
const BLOCK = 10;
const PRINTED_BYTES = 10_000_000;

/** `1 + 1`, with its reply and its idle. */
export const SUM: Workload = {
  name: "1 + 1 to reply and idle",
  unit: "ms",
  measure: (client, { cells }) => medianOf(SUMS_PER_TURN, () => timed(() => client.run(cells.sum))),
};

/** The members of a typed value. */
export const COMPLETION: Workload = {
  name: "completion on a typed value",
  unit: "ms",
  measure: (client, { cells }) => client.complete(cells.member(1)),
};

/** The same while a cell computes for a second. */
export const BUSY_COMPLETION: Workload = {
  name: "completion while a cell computes",
  unit: "ms",
  measure: (client, { cells }) => client.completeWhileBusy(cells.busy, cells.member(1)),
};

/** From the interrupt of an endless loop to idle. */
export const INTERRUPT: Workload = {
  name: "endless loop: interrupt to idle",
  unit: "ms",
  measure: (client, { cells }) => client.interruptEndless(cells.endless),
};

/** A flood; the last workload, because a kernel that loses its idle in it is out of the race. */
export const LINES: Workload = {
  name: "10 MB in 100,000 lines to idle",
  unit: "ms",
  measure: async (client, { cells }) => {
    let bytes = 0;
    const milliseconds = await timed(async () => {
      bytes = await client.run(cells.lines);
    });
    if (bytes === PRINTED_BYTES) return milliseconds;
    throw new IncompleteOutput(`${bytes} of ${PRINTED_BYTES} bytes had arrived when it was idle`);
  },
};

class IncompleteOutput extends Error {
  override readonly name = "IncompleteOutput";
  readonly code = "BENCH_INCOMPLETE";
}

/** Typed cells, each under names of its own, counted for each kernel. */
export class TypedCells {
  readonly #counts = new Map<MeasuredKernel, number>();

  /** Three new typed cells. */
  workload(name: string): Workload {
    const measure: Workload["measure"] = (client, kernel) =>
      medianOf(TYPED_PER_TURN, () => timed(() => this.#runNext(client, kernel)));
    return { name, unit: "ms", measure };
  }

  /** Runs typed cells until each kernel has had `count`, in turns. */
  async fill(race: Race, count: number): Promise<void> {
    for (let block = 0; block * BLOCK < count; block++) {
      for (const [kernel, client] of race.clients) {
        for (let i = 0; i < BLOCK && this.#count(kernel) < count; i++) {
          await this.#runNext(client, kernel);
        }
      }
    }
  }

  #count(kernel: MeasuredKernel): number {
    return this.#counts.get(kernel) ?? 0;
  }

  async #runNext(client: KernelClient, kernel: MeasuredKernel): Promise<void> {
    const number = this.#count(kernel) + 1;
    this.#counts.set(kernel, number);
    await client.reply(kernel.cells.typed(number));
  }
}

/** How long something takes, in milliseconds. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

async function medianOf(count: number, measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let i = 0; i < count; i++) values.push(await measure());
  return median(values);
}
