// Memory and processor time of this process and of all that it has started.
import { readFileSync } from "node:fs";
import { descendantsOf } from "./runtime/process-tree.ts";

/** A unit of processor time in `/proc`, in seconds. */
const TICK_SECONDS = 0.01;

/** What processes have used. */
export interface ProcessUsage {
  /** Processor time since their start, in seconds. */
  readonly cpuSeconds: number;
  /** What they hold, with shared pages divided among those who share them. */
  readonly memoryBytes: number;
}

/** Adds up this process and its descendants; this process alone where the system does not say more. */
export function measureUsage(): ProcessUsage {
  const all = [process.pid, ...descendantsOf(process.pid)].map(measureProcess);
  if (all[0]) {
    return all.reduce<ProcessUsage>(
      (sum, one) => ({
        cpuSeconds: sum.cpuSeconds + (one?.cpuSeconds ?? 0),
        memoryBytes: sum.memoryBytes + (one?.memoryBytes ?? 0),
      }),
      { cpuSeconds: 0, memoryBytes: 0 },
    );
  }
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, memoryBytes: process.memoryUsage.rss() };
}

function measureProcess(id: number): ProcessUsage | undefined {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, "utf8");
    // The name in brackets may hold anything; behind it, user and system time are the 12th and 13th.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const memory = readFileSync(`/proc/${id}/smaps_rollup`, "utf8");
    const kibibytes = /^Pss:\s+(\d+) kB/m.exec(memory)?.[1];
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) * TICK_SECONDS,
      memoryBytes: Number(kibibytes ?? 0) * 1024,
    };
  } catch {
    return undefined;
  }
}
