// usage_request: what the kernel and its machine are using, for front ends that show it.
import { availableParallelism, cpus, freemem, hostname, totalmem } from "node:os";
import { readFileSync } from "node:fs";
import { measureUsage } from "../execute/process-usage.ts";
import type { JsonObject } from "../protocol/message.ts";
import type { Handler } from "./handler.ts";

interface Sample {
  /** In seconds. */
  readonly time: number;
  /** Processor time of the kernel, in seconds. */
  readonly kernel: number;
  /** Time of all processors, and what of it they were busy. */
  readonly total: number;
  readonly busy: number;
}

let last: Sample = { time: performance.now() / 1000, kernel: 0, ...measureHost() };

/** Answers `usage_request`; shares of processors are those since the request before. */
export const usage: Handler = () => {
  const { cpuSeconds, memoryBytes } = measureUsage();
  const now: Sample = { time: performance.now() / 1000, kernel: cpuSeconds, ...measureHost() };
  const share = (part: number, whole: number): number =>
    whole > 0 ? Math.round((1000 * Math.max(part, 0)) / whole) / 10 : 0;
  const reply = {
    status: "ok",
    hostname: hostname(),
    pid: process.pid,
    kernel_cpu: share(now.kernel - last.kernel, now.time - last.time),
    kernel_memory: memoryBytes,
    host_cpu_percent: share(now.busy - last.busy, now.total - last.total),
    cpu_count: availableParallelism(),
    host_virtual_memory: measureMemory(),
  };
  last = now;
  return reply;
};

function measureHost(): Pick<Sample, "total" | "busy"> {
  let total = 0;
  let idle = 0;
  for (const { times } of cpus()) {
    total += times.user + times.nice + times.sys + times.idle + times.irq;
    idle += times.idle;
  }
  return { total, busy: total - idle };
}

/** The machine's memory in bytes, by the names that ipykernel uses. */
function measureMemory(): JsonObject {
  const total = totalmem();
  const free = freemem();
  const available = availableMemory() ?? free;
  const used = total - available;
  return { total, available, percent: Math.round((1000 * used) / total) / 10, used, free };
}

function availableMemory(): number | undefined {
  try {
    const text = readFileSync("/proc/meminfo", "utf8");
    const kibibytes = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}
