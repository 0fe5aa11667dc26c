// The library's suite: systems that compute different things are refused, and what is missed is called missed.
// Covers: bench/lib/same-numbers.ts, bench/lib/wanted.ts, bench/lib/operations.ts
import { describe, expect, test } from "vitest";
import { CORNER, cornerOf, Operands, OPERATIONS } from "../../bench/lib/operations.ts";
import { requireSameNumbers } from "../../bench/lib/same-numbers.ts";
import { claimsOf } from "../../bench/lib/wanted.ts";
import type { Measured, System } from "../../bench/workers/interleave.ts";
import type { WorkerProcess } from "../../bench/workers/worker-process.ts";

/** A system that has these weights after its first steps. */
function system(peer: string, weights: readonly number[], rounds?: number): System {
  const asked: number[] = [];
  const ask = ({ checkSteps }: { checkSteps: number }): Promise<unknown> => {
    asked.push(checkSteps);
    return Promise.resolve({ losses: [], weights: weights.map((value) => value * checkSteps) });
  };
  const worker = { ask, asked } as unknown as WorkerProcess;
  return { peer, variant: "", worker, ...(rounds === undefined ? {} : { rounds }) };
}

const quiet = (): void => {};

describe("the same numbers", () => {
  test("are wanted of every system, and the largest difference is told", async () => {
    const systems = [system("gradlab", [0.01]), system("other", [0.010001])];
    expect(await requireSameNumbers(systems, quiet)).toBeCloseTo(20 * 1e-6, 9);
  });

  test("are missed by a system that computes another step", async () => {
    const systems = [system("gradlab", [0.01]), system("other", [0.02])];
    await expect(requireSameNumbers(systems, quiet)).rejects.toThrow(
      "other: expected weights within 0.0002 of gradlab's after 20 steps",
    );
  });

  test("are missed by a system that shows another number of weights, or none", async () => {
    await expect(
      requireSameNumbers([system("gradlab", [0.01]), system("other", [])], quiet),
    ).rejects.toThrow("they differ by Infinity");
  });

  test("are compared after two steps where a step takes seconds", async () => {
    const slow = system("slow", [0.01], 1);
    await requireSameNumbers([system("gradlab", [0.01]), slow], quiet);
    expect(slow.worker).toMatchObject({ asked: [2] });
  });

  test("may differ in proportion where they are large", async () => {
    const systems = [system("gradlab", [100]), system("other", [100.01])];
    expect(await requireSameNumbers(systems, quiet)).toBeCloseTo(1e-4, 9);
  });
});

describe("what is wanted", () => {
  const measured = (variant: string, rates: number[], memoryMiB = 100): Measured => ({
    row: {
      workload: "",
      peer: variant === "PyTorch" ? "PyTorch" : "gradlab",
      variant,
      median: 0,
      unit: "steps/s",
      ratio: 1,
      ratioRange: [1, 1],
      memoryMiB,
      runs: rates.length,
    },
    rates,
  });

  test("is compared round by round", () => {
    const claims = claimsOf("lenet", [
      measured("compiled, 2 threads", [11, 22, 33], 90),
      measured("op by op", [3, 6, 9]),
      measured("PyTorch", [10, 20, 30]),
    ]);
    expect(claims.map(({ measured: value, holds }) => [value, holds])).toEqual([
      [1.1, true],
      [0.3, false],
      [0.9, true],
    ]);
  });

  test("is not asked where the peer is missing", () => {
    expect(claimsOf("mlp", [measured("compiled, 2 threads", [1])])).toEqual([]);
  });
});

describe("single operations", () => {
  test("compute all of a result, of which a corner is read", () => {
    const operands = new Operands("conv").list.map(({ value }) => value);
    expect(operands.map(({ shape }) => shape)).toEqual([
      [8, 64, 56, 56],
      [64, 64, 3, 3],
    ]);
    const [filters] = operands.slice(1);
    expect(cornerOf(filters!).shape).toEqual([CORNER * CORNER * 3 * 3]);
    expect(Object.keys(OPERATIONS)).toEqual(["matmul", "conv", "convgrad"]);
  });
});
