// The other side of a worker process: answers requests for steps of a workload until the input ends.
import { createInterface } from "node:readline";

/** A training that can be stepped. */
export interface Workload {
  /** Steps that are taken in one go, 1 unless given. */
  readonly stepsPerTurn?: number;
  /** Takes some steps; returns the loss before each. */
  take(steps: number): number[] | Promise<number[]>;
  /** Puts weights where `weights` finds them. */
  finish?(): Promise<void>;
  /** Frees what it holds: another one is about to start. */
  dispose?(): void;
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
  let running: Workload | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    // A training that was checked goes on in the turns: it is warm, and a second one would need memory too.
    if ("checkSteps" in request) running?.dispose?.();
    running = "seconds" in request ? (running ?? make()) : make();
    const answer =
      "seconds" in request ? await run(running, request) : await check(running, request);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

async function run(workload: Workload, { seconds }: { readonly seconds: number }): Promise<Speed> {
  const start = performance.now();
  const { stepsPerTurn = 1 } = workload;
  let elapsed = 0;
  let steps = 0;
  while (elapsed < seconds) {
    await workload.take(stepsPerTurn);
    steps += stepsPerTurn;
    elapsed = (performance.now() - start) / 1000;
  }
  return { steps, seconds: elapsed, memoryMiB: process.resourceUsage().maxRSS / 1024 };
}

async function check(
  workload: Workload,
  { checkSteps }: { readonly checkSteps: number },
): Promise<Check> {
  const losses = await workload.take(checkSteps);
  await workload.finish?.();
  return { losses, weights: workload.weights() };
}
