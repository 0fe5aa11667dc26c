// The kernel's suite: start, small and typed cells, completion, floods, interrupts and memory, beside other kernels.
import {
  machineText,
  type MissingPeer,
  type Report,
  type Row,
  type SuiteOptions,
} from "../report.ts";
import { KernelClient } from "./kernel-client.ts";
import { findKernels, type MeasuredKernel } from "./kernels.ts";
import { Race, rowsOf, slowDownRows, type Results } from "./race.ts";
import {
  BUSY_COMPLETION,
  COMPLETION,
  INTERRUPT,
  LINES,
  SUM,
  timed,
  TypedCells,
} from "./workloads.ts";

const WARM_UP_CELLS = 20;
/** A kernel is left alone for so long before its memory is read. */
const SETTLE_MS = 300;
const FEW_CELLS = 10;
const MANY_CELLS = 200;
const MEMORY_CELLS = 1000;

/** Runs the suite. */
export async function runKernelSuite(options: SuiteOptions): Promise<Report> {
  const { kernels, missing } = findKernels();
  for (const { peer, reason } of missing) options.log(`missing: ${peer} (${reason})`);
  const machine = machineText();
  const rows = await measureStarts(kernels, options);
  rows.push(
    ...(await withRace(kernels, { missing, options }, (race) => measureCells(race, options))),
  );
  if (options.cells >= MEMORY_CELLS) {
    rows.push(
      ...(await withRace(kernels, { missing, options }, (race) => measureMemory(race, options))),
    );
  }
  return { suite: "kernel", machine, rows, missing };
}

async function withRace(
  kernels: readonly MeasuredKernel[],
  { missing, options }: { missing: MissingPeer[]; options: SuiteOptions },
  use: (race: Race) => Promise<Row[]>,
): Promise<Row[]> {
  const race = new Race(new Map(), missing, options.log);
  try {
    for (const kernel of kernels) {
      const client = await KernelClient.start(kernel.command);
      race.clients.set(kernel, client);
      for (let i = 0; i < WARM_UP_CELLS; i++) await client.reply(kernel.cells.sum);
    }
    return await use(race);
  } finally {
    for (const client of race.clients.values()) client.stop();
  }
}

async function measureStarts(
  kernels: readonly MeasuredKernel[],
  { rounds, log }: SuiteOptions,
): Promise<Row[]> {
  const starts: Results = new Map(kernels.map((kernel) => [kernel, []]));
  const memories: Results = new Map(kernels.map((kernel) => [kernel, []]));
  for (let round = 0; round < rounds; round++) {
    for (const kernel of kernels) {
      let client!: KernelClient;
      const value = await timed(async () => {
        client = await KernelClient.start(kernel.command);
        await client.reply(kernel.cells.sum);
      });
      await client.reply(kernel.cells.sum);
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      const { kernelMib, languageServerMib } = client.memory();
      client.stop();
      starts.get(kernel)?.push({ value, memoryMib: kernelMib });
      memories.get(kernel)?.push({ value: kernelMib, memoryMib: kernelMib + languageServerMib });
      log(`start, ${kernel.peer}: ${value.toFixed(0)} ms, ${kernelMib.toFixed(0)} MiB`);
    }
  }
  return [
    ...rowsOf("start to the first result", "ms", starts),
    ...rowsOf("memory after 2 cells", "MiB", memories),
  ];
}

async function measureCells(race: Race, { rounds }: SuiteOptions): Promise<Row[]> {
  const cells = new TypedCells();
  const sums = await race.run(SUM, rounds);
  await cells.fill(race, FEW_CELLS);
  const few = `typed 30-line cell after ${FEW_CELLS}`;
  const many = `typed 30-line cell after ${MANY_CELLS}`;
  const early = await race.run(cells.workload(few), rounds);
  await cells.fill(race, MANY_CELLS);
  const late = await race.run(cells.workload(many), rounds);
  const rows = [
    ...rowsOf(SUM.name, "ms", sums),
    ...rowsOf(few, "ms", early),
    ...rowsOf(many, "ms", late),
    ...slowDownRows(`slow-down from ${FEW_CELLS} to ${MANY_CELLS} cells`, early, late),
  ];
  for (const workload of [COMPLETION, BUSY_COMPLETION, INTERRUPT, LINES]) {
    rows.push(...rowsOf(workload.name, workload.unit, await race.run(workload, rounds)));
  }
  return rows;
}

/** Memory after many small cells: what a kernel keeps of each of them. */
async function measureMemory(race: Race, { cells }: SuiteOptions): Promise<Row[]> {
  const rows: Row[] = [];
  let done = WARM_UP_CELLS;
  for (const target of [MEMORY_CELLS, ...(cells > MEMORY_CELLS ? [cells] : [])]) {
    const name = `memory after ${target.toLocaleString("en-US")} cells`;
    const results = await race.run(
      {
        name,
        unit: "MiB",
        measure: async (client, kernel) => {
          for (let i = done; i < target; i++) await client.reply(kernel.cells.sum);
          await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
          return client.memory().kernelMib;
        },
      },
      1,
    );
    rows.push(...rowsOf(name, "MiB", results));
    done = target;
  }
  return rows;
}
