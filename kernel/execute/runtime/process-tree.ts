// The children of this process, and theirs: what Ctrl-C in a terminal would reach.
import { readdirSync, readFileSync } from "node:fs";

/** A unit of the system's clock in `/proc`, in seconds. */
const TICK_SECONDS = 0.01;
/** Start times are rounded down. */
const ROUNDING_TICKS = 2;

interface ProcessFacts {
  /** Signals of a terminal go to a whole group. */
  readonly group: number;
  /** In ticks since the system was started. */
  readonly startedAt: number;
}

/** Ids of all processes below `processId`, deepest first; empty where the system does not say. */
export function descendantsOf(processId: number): number[] {
  return childrenOf(processId).flatMap((child) => [...descendantsOf(child), child]);
}

/** The processes below `processId` that were not detached from its process group on purpose. */
export function groupBelow(processId: number): number[] {
  const own = factsOf(processId);
  return own ? descendantsOf(processId).filter((id) => factsOf(id)?.group === own.group) : [];
}

/** Sends a signal to processes, some of which may have ended. */
export function signalAll(processIds: readonly number[], signal: NodeJS.Signals): void {
  for (const id of processIds) {
    try {
      process.kill(id, signal);
    } catch {
      // It has ended in the meantime.
    }
  }
}

/**
 * Sends a signal to everything below this process, so that a blocking `execSync` returns.
 *
 * @param sinceSeconds - when given, only programs started after that uptime of the system, and none that was
 *   detached from it on purpose
 */
export function signalDescendants(signal: "SIGINT" | "SIGKILL", sinceSeconds?: number): void {
  const own = sinceSeconds === undefined ? undefined : factsOf(process.pid);
  const earliest = (sinceSeconds ?? 0) / TICK_SECONDS - ROUNDING_TICKS;
  for (const child of descendantsOf(process.pid)) {
    if (own) {
      const facts = factsOf(child);
      if (!facts || facts.group !== own.group || facts.startedAt < earliest) continue;
    }
    try {
      process.kill(child, signal);
    } catch {
      // It has ended in the meantime.
    }
  }
}

function factsOf(processId: number): ProcessFacts | undefined {
  try {
    const text = readFileSync(`/proc/${processId}/stat`, "utf8");
    // The name in brackets may hold anything. Behind it: state, parent, group, ... and the start as the 20th.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { group: Number(fields[2]), startedAt: Number(fields[19]) };
  } catch {
    return undefined;
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
