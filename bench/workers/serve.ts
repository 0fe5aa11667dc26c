// The other side of a worker process: answers requests for steps of a workload until the input ends.
import { createInterface } from "node:readline";

/** A training that can be stepped. */
export interface Workload {
  /** One step; returns the loss before it. */
  step(): number;
  /** Numbers by which two systems are compared. */
  weights(): number[];
}

/** What a driver asks: run for some time, or take some steps from the start and show the weights. */
export type Request = { readonly seconds: number } | { readonly checkSteps: number };

/** How fast it was. */
export interface Speed {
  readonly steps: number;
  readonly seconds: number;
  readonly memoryMiB: number;
}

/** Where it arrived. */
export interface Check {
  readonly losses: readonly number[];
  readonly weights: readonly number[];
}

/** Reads requests from stdin, one a line, and writes answers to stdout. */
export async function serve(make: () => Workload): Promise<void> {
  const running = make();
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    const answer = "seconds" in request ? run(running, request) : check(make(), request);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

function run(workload: Workload, { seconds }: { readonly seconds: number }): Speed {
  const start = performance.now();
  let elapsed = 0;
  let steps = 0;
  while (elapsed < seconds) {
    workload.step();
    steps++;
    elapsed = (performance.now() - start) / 1000;
  }
  return { steps, seconds: elapsed, memoryMiB: process.resourceUsage().maxRSS / 1024 };
}

function check(workload: Workload, { checkSteps }: { readonly checkSteps: number }): Check {
  const losses = Array.from({ length: checkSteps }, () => workload.step());
  return { losses, weights: workload.weights() };
}
