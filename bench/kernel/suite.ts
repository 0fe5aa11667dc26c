// The kernel's suite: start, a small cell, a lot of output and an interrupt, beside ipykernel and tslab.
import {
  machineText,
  median,
  type MissingPeer,
  type Report,
  type Row,
  type SuiteOptions,
} from "../report.ts";
import { KernelClient } from "./kernel-client.ts";
import { findKernels, type MeasuredKernel } from "./kernels.ts";

interface Measurement {
  readonly milliseconds: number;
  readonly memoryMib: number;
}

interface Workload {
  readonly name: string;
  /** Rounds of this workload at most; some take long with a peer. */
  readonly mostRounds: number;
  /** Measures one turn of a kernel that runs already. */
  readonly measure: (client: KernelClient, kernel: MeasuredKernel) => Promise<number>;
}

const SUMS_PER_TURN = 20;
const PRINTED_BYTES = 10_000_000;

const WORKLOADS: readonly Workload[] = [
  { name: "1 + 1 to reply and idle", mostRounds: Infinity, measure: measureSum },
  { name: "endless loop: interrupt to idle", mostRounds: Infinity, measure: measureInterrupt },
  // Last, because a kernel that loses its idle in the flood is out of the race.
  { name: "10 MB of lines to idle", mostRounds: Infinity, measure: measureLines },
];

/** Runs the suite. */
export async function runKernelSuite(options: SuiteOptions): Promise<Report> {
  const { kernels, missing } = findKernels();
  for (const { peer, reason } of missing) options.log(`missing: ${peer} (${reason})`);
  const machine = machineText();
  const rows = await measureStarts(kernels, options);
  const clients = new Map<MeasuredKernel, KernelClient>();
  try {
    for (const kernel of kernels) {
      const client = await KernelClient.start(kernel.command);
      clients.set(kernel, client);
      for (let i = 0; i < SUMS_PER_TURN; i++) await client.reply(kernel.cells.sum);
    }
    for (const workload of WORKLOADS) {
      rows.push(...(await measureWorkload(workload, { clients, options, missing })));
    }
  } finally {
    for (const client of clients.values()) client.stop();
  }
  return { suite: "kernel", machine, rows, missing };
}

async function measureStarts(
  kernels: readonly MeasuredKernel[],
  { rounds, log }: SuiteOptions,
): Promise<Row[]> {
  const results = new Map<MeasuredKernel, Measurement[]>(kernels.map((kernel) => [kernel, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [kernel, measurements] of results) {
      const started = performance.now();
      const client = await KernelClient.start(kernel.command);
      await client.reply(kernel.cells.sum);
      const milliseconds = performance.now() - started;
      measurements.push({ milliseconds, memoryMib: client.memoryMib() });
      client.stop();
      log(`start, round ${round + 1}, ${kernel.peer}: ${milliseconds.toFixed(0)} ms`);
    }
  }
  return rowsOf("start to the first result", results);
}

async function measureWorkload(
  workload: Workload,
  parts: {
    readonly clients: ReadonlyMap<MeasuredKernel, KernelClient>;
    readonly options: SuiteOptions;
    readonly missing: MissingPeer[];
  },
): Promise<Row[]> {
  const { clients, options, missing } = parts;
  const results = new Map<MeasuredKernel, Measurement[]>([...clients.keys()].map((k) => [k, []]));
  for (let round = 0; round < Math.min(options.rounds, workload.mostRounds); round++) {
    for (const [kernel, measurements] of results) {
      const client = clients.get(kernel);
      if (!client) continue;
      try {
        const milliseconds = await workload.measure(client, kernel);
        measurements.push({ milliseconds, memoryMib: client.memoryMib() });
        options.log(`${workload.name}, ${kernel.peer}: ${milliseconds.toFixed(2)} ms`);
      } catch (error) {
        const reason = `${workload.name}: ${(error as Error).message}`;
        options.log(`failed: ${kernel.peer} (${reason})`);
        missing.push({ peer: kernel.peer, reason });
        results.delete(kernel);
      }
    }
  }
  return rowsOf(workload.name, results);
}

async function measureSum(client: KernelClient, { cells }: MeasuredKernel): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < SUMS_PER_TURN; i++) {
    const started = performance.now();
    await client.run(cells.sum);
    times.push(performance.now() - started);
  }
  return median(times);
}

async function measureLines(client: KernelClient, { cells }: MeasuredKernel): Promise<number> {
  const started = performance.now();
  const bytes = await client.run(cells.lines);
  if (bytes !== PRINTED_BYTES) {
    throw new IncompleteOutput(`${bytes} of ${PRINTED_BYTES} bytes had arrived when it was idle`);
  }
  return performance.now() - started;
}

function measureInterrupt(client: KernelClient, { cells }: MeasuredKernel): Promise<number> {
  return client.interruptEndless(cells.endless);
}

class IncompleteOutput extends Error {
  override readonly name = "IncompleteOutput";
  readonly code = "BENCH_INCOMPLETE";
}

/** One row for each kernel; ratios are taken within each round, the first kernel is ours. */
function rowsOf(
  workload: string,
  results: ReadonlyMap<MeasuredKernel, readonly Measurement[]>,
): Row[] {
  const [ours = []] = results.values();
  return [...results].map(([kernel, measurements]) => {
    const ratios = measurements.map(
      ({ milliseconds }, round) => milliseconds / (ours[round]?.milliseconds ?? milliseconds),
    );
    return {
      workload,
      variant: kernel.variant,
      peer: kernel.peer,
      median: median(measurements.map(({ milliseconds }) => milliseconds)),
      unit: "ms",
      ratio: median(ratios),
      ratioRange: [Math.min(...ratios), Math.max(...ratios)],
      memoryMiB: Math.max(...measurements.map(({ memoryMib }) => memoryMib)),
      runs: measurements.length,
    };
  });
}
