// What compiled steps cost: memory that stays flat, time to the first loss, and how both grow with the work.
import { fileURLToPath } from "node:url";
import { type Claim, machineText, type Report, type SuiteOptions } from "../report.ts";
import { WorkerProcess } from "../workers/worker-process.ts";

/** Each is measured in a process of its own. */
const COSTS = [
  "memory",
  "lenetMemory",
  "compileTimes",
  "batchGrowth",
  "stepGrowth",
  "nodeGrowth",
  "timeGrowth",
];

/** Runs the suite. */
export async function runCostSuite({ log, only = COSTS }: SuiteOptions): Promise<Report> {
  const machine = machineText();
  const claims: Claim[] = [];
  for (const cost of COSTS.filter((each) => only.includes(each))) {
    log(cost);
    const script = fileURLToPath(new URL("worker.js", import.meta.url));
    const worker = new WorkerProcess(cost, { program: process.execPath, parameters: [script] });
    try {
      claims.push(...(await worker.ask<Claim[]>({ cost })));
    } finally {
      worker.stop();
    }
  }
  return { suite: "costs", machine, rows: [], missing: [], claims };
}
