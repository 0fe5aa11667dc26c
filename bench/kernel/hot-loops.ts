// Loops over a cell's own variables: at the top level, in a function that uses them, and in one with locals.
import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { machineText, median, type Report, type Row, type SuiteOptions } from "../report.ts";
import { KernelClient } from "./kernel-client.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const SETUP = `const values = Float64Array.from({ length: 1e6 }, (_, i) => i % 7)
const weights = Float64Array.from(values, (x) => 1 / (1 + x))
let total = 0
function withGlobals(): void {
  total = 0
  for (let pass = 0; pass < 20; pass++) for (let i = 0; i < values.length; i++) total += values[i]! * weights[i]!
}
function withLocals(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let pass = 0; pass < 20; pass++) for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}`;

/** The same work in three places; the last is what the others are measured against. */
const PLACES = {
  "top level of a cell":
    "total = 0\nfor (let pass = 0; pass < 20; pass++) for (let i = 0; i < values.length; i++) total += values[i]! * weights[i]!",
  "function using the cell's names": "withGlobals()",
  "function with locals": "total = withLocals(values, weights)",
} as const;
type Place = keyof typeof PLACES;
const BEST: Place = "function with locals";

/** Runs the suite on each Node of the list in `GRADLAB_BENCH_NODES`, or on this one. */
export async function runLoopSuite(options: SuiteOptions): Promise<Report> {
  const programs = (process.env["GRADLAB_BENCH_NODES"] ?? process.execPath).split(delimiter);
  const rows: Row[] = [];
  for (const program of programs) rows.push(...(await measureNode(program, options)));
  return { suite: "loops", machine: machineText(), rows, missing: [] };
}

async function measureNode(program: string, { rounds, log }: SuiteOptions): Promise<Row[]> {
  const variant = `Node ${spawnSync(program, ["-p", "process.versions.node"], { encoding: "utf8" }).stdout.trim()}`;
  const client = await KernelClient.start({
    program,
    parameters: (file) => [join(ROOT, "dist", "cli", "main.js"), "kernel", "start", "-f", file],
    folder: ROOT,
    interruptMode: "message",
  });
  try {
    await client.reply(SETUP);
    const places = Object.keys(PLACES) as Place[];
    const times = new Map<Place, number[]>(places.map((place) => [place, []]));
    for (let round = 0; round < rounds; round++) {
      for (const place of places) {
        const start = performance.now();
        await client.reply(PLACES[place]);
        times.get(place)!.push(performance.now() - start);
      }
      log(`${variant}: round ${round + 1} of ${rounds}`);
    }
    return places.map((place) => rowOf(place, variant, times));
  } finally {
    client.stop();
  }
}

function rowOf(place: Place, variant: string, times: ReadonlyMap<Place, readonly number[]>): Row {
  const own = times.get(place)!;
  // The first round of each place compiles.
  const ratios = own.map((time, round) => time / times.get(BEST)![round]!).slice(1);
  return {
    workload: place,
    variant,
    peer: "gradlab",
    median: median(own.slice(1)),
    unit: "ms",
    ratio: median(ratios),
    ratioRange: [Math.min(...ratios), Math.max(...ratios)],
    memoryMiB: 0,
    runs: own.length - 1,
  };
}
