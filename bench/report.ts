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

/** A number that the project wants to reach, and what was measured. */
export interface Claim {
  readonly claim: string;
  readonly measured: number;
  readonly unit: string;
  /** The smallest number that will do, or the largest. */
  readonly wanted: { readonly atLeast: number } | { readonly atMost: number };
  readonly holds: boolean;
}

/** The result of a suite. */
export interface Report {
  readonly suite: string;
  readonly machine: string;
  readonly rows: readonly Row[];
  readonly missing: readonly MissingPeer[];
  readonly claims?: readonly Claim[];
}

/** How a suite runs. */
export interface SuiteOptions {
  readonly rounds: number;
  /** Length of one turn. */
  readonly seconds: number;
  /** After how many cells a kernel's memory is read, from 1,000 on; 0 for not at all. */
  readonly cells: number;
  /** Names of the workloads to run; all of them unless given. */
  readonly only?: readonly string[];
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

/** Whether what was measured is as wanted. */
export function claim(
  text: string,
  measured: number,
  { unit = "x", ...wanted }: Claim["wanted"] & { readonly unit?: string },
): Claim {
  const holds = "atLeast" in wanted ? measured >= wanted.atLeast : measured <= wanted.atMost;
  return { claim: text, measured, unit, wanted, holds };
}

/** Rows, claims and what is missing, as aligned text. */
export function reportTable(report: Report): string {
  const { suite, machine, rows, missing, claims = [] } = report;
  const absent = missing.map(({ peer, reason }) => `missing: ${peer} (${reason})`);
  return [
    `${suite} on ${machine}`,
    ...(rows.length > 0 ? aligned(ROW_HEAD, rows.map(rowCells)) : []),
    ...absent,
    ...(claims.length > 0 ? ["", ...aligned(CLAIM_HEAD, claims.map(claimCells))] : []),
  ].join("\n");
}

const ROW_HEAD = ["workload", "system", "median", "ratio (min / median / max)", "memory", "rounds"];

const rowCells = (row: Row): string[] => [
  row.workload,
  `${row.peer}, ${row.variant}`,
  `${short(row.median)} ${row.unit}`,
  [row.ratioRange[0], row.ratio, row.ratioRange[1]].map((x) => x.toPrecision(3)).join(" / "),
  `${row.memoryMiB.toFixed(0)} MiB`,
  String(row.runs),
];

const CLAIM_HEAD = ["claim", "measured", "wanted", ""];

const claimCells = ({ claim: text, measured, unit, wanted, holds }: Claim): string[] => [
  text,
  `${short(measured)} ${unit}`,
  "atLeast" in wanted ? `at least ${wanted.atLeast}` : `at most ${short(wanted.atMost)}`,
  holds ? "holds" : "MISSED",
];

/** A number in four digits, never with an exponent. */
export function short(value: number): string {
  return Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4)));
}

function aligned(head: readonly string[], lines: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((l) => l[i]!.length)));
  return [head, ...lines].map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join("  ")
      .trimEnd(),
  );
}
