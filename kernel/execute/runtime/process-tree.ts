// The children of this process, and theirs.
import { readdirSync, readFileSync } from "node:fs";

/** Ids of all processes below `processId`, deepest first; empty where the system does not say. */
export function descendantsOf(processId: number): number[] {
  return childrenOf(processId).flatMap((child) => [...descendantsOf(child), child]);
}

/** Sends SIGINT to everything below this process, so that a blocking `execSync` returns. */
export function interruptDescendants(): void {
  for (const child of descendantsOf(process.pid)) {
    try {
      process.kill(child, "SIGINT");
    } catch {
      // It has ended in the meantime.
    }
  }
}

function childrenOf(processId: number): number[] {
  try {
    // A child belongs to the thread that started it.
    return readdirSync(`/proc/${processId}/task`).flatMap((thread) =>
      readFileSync(`/proc/${processId}/task/${thread}/children`, "utf8")
        .split(" ")
        .filter((text) => text.trim() !== "")
        .map(Number),
    );
  } catch {
    return [];
  }
}
