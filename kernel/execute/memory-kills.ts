// Whether the system has killed programs for want of memory: Linux counts them.
import { readFileSync } from "node:fs";

/** Counters of the machine and of the container. */
const COUNTERS = ["/proc/vmstat", "/sys/fs/cgroup/memory.events"];

/** Programs that the system has killed for want of memory so far; 0 where it does not say. */
export function countMemoryKills(files: readonly string[] = COUNTERS): number {
  return files.reduce((sum, file) => sum + countIn(file), 0);
}

function countIn(file: string): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync(file, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
