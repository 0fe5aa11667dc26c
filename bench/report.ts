// What a benchmark reports: rows of medians and ratios, as JSON and as a table.
import { cpus, loadavg } from "node:os";

/** One system on one workload. */
export interface Row {
  readonly workload: string;
  /** Settings of the system, such as its number of threads. */
  readonly variant: string;
  /** The system measured; `gradlab` is ours. */
  readonly peer: string;
  /** Median of all rounds. */
  readonly median: number;
  readonly unit: string;
  /** The peer's time divided by ours, median of the ratios within each round: above 1, ours is faster. */
  readonly ratio: number;
  /** Smallest and largest of these ratios. */
  readonly ratioRange: readonly [number, number];
  /** Largest resident memory of the system's process. */
  readonly memoryMiB: number;
  /** How many rounds. */
  readonly runs: number;
}

/** A peer that is not installed, and why. */
export interface MissingPeer {
  readonly peer: string;
  readonly reason: string;
}

/** The result of a suite. */
export interface Report {
  readonly suite: string;
  readonly machine: string;
  readonly rows: readonly Row[];
  readonly missing: readonly MissingPeer[];
}

/** How a suite runs. */
export interface SuiteOptions {
  readonly rounds: number;
  /** Length of one turn. */
  readonly seconds: number;
  /** After how many cells a kernel's memory is read, from 1,000 on; 0 for not at all. */
  readonly cells: number;
  /** Where progress goes: never to stdout. */
  readonly log: (text: string) => void;
}

/** Processor, Node and how busy the machine is. */
export function machineText(): string {
  const [first] = cpus();
  const load = loadavg()[0]!.toFixed(1);
  return `${cpus().length} x ${first?.model ?? "unknown processor"}, Node ${process.versions.node}, load ${load}`;
}

/** Middle value; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The rows as aligned text. */
export function reportTable({ suite, machine, rows, missing }: Report): string {
  const head = ["workload", "system", "median", "ratio (min / median / max)", "memory", "rounds"];
  const lines = rows.map((row) => [
    row.workload,
    `${row.peer}, ${row.variant}`,
    `${row.median.toPrecision(4)} ${row.unit}`,
    [row.ratioRange[0], row.ratio, row.ratioRange[1]].map((x) => x.toPrecision(3)).join(" / "),
    `${row.memoryMiB.toFixed(0)} MiB`,
    String(row.runs),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((l) => l[i]!.length)));
  const text = [head, ...lines].map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join("  ")
      .trimEnd(),
  );
  const absent = missing.map(({ peer, reason }) => `missing: ${peer} (${reason})`);
  return [`${suite} on ${machine}`, ...text, ...absent].join("\n");
}
