// Whether processes live, for tests that must leave none behind.
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** Whether a process runs; one that has ended and only waits to be collected does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch (error) {
    // Ended just now, or a system that has no such files.
    return process.platform !== "linux" && error instanceof Error;
  }
}

/** Resolves when all processes have ended; the test's own limit ends a wait that never does. */
export async function untilGone(...pids: number[]): Promise<void> {
  while (pids.some(isAlive)) await pause(10);
}
