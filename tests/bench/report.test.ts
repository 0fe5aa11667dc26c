// Benchmark reports: ratios are taken within each round, and a missing peer is named.
// Covers: bench/workers/interleave.ts
import { describe, expect, test } from "vitest";
import { claim, median, reportTable } from "../../bench/report.ts";
import { interleave, type System } from "../../bench/workers/interleave.ts";
import type { WorkerProcess } from "../../bench/workers/worker-process.ts";

/** A system that answers with these rates, the first for the turn that does not count. */
function system(peer: string, rates: readonly number[]): System {
  let turn = 0;
  const ask = (): Promise<unknown> =>
    Promise.resolve({ steps: rates[turn++]! * 2, seconds: 2, memoryMiB: 100 + turn });
  return { peer, variant: "", worker: { ask } as unknown as WorkerProcess };
}

describe("interleaved rounds", () => {
  test("compare each turn with ours of the same round", async () => {
    // The machine is twice as slow in the second round.
    const systems = [system("gradlab", [1, 40, 20, 40]), system("other", [1, 10, 5, 20])];
    const rows = await interleave("work", systems, { rounds: 3, seconds: 1 });
    expect(rows[0]?.row).toMatchObject({ peer: "gradlab", median: 40, ratio: 1, runs: 3 });
    expect(rows[1]?.row).toMatchObject({
      median: 10,
      ratio: 4,
      ratioRange: [2, 4],
      memoryMiB: 104,
    });
  });
});

describe("the report", () => {
  test("names the peers that are missing", () => {
    const missing = [{ peer: "PyTorch", reason: "not installed" }];
    const text = reportTable({ suite: "lib", machine: "a machine", rows: [], missing });
    expect(text).toContain("lib on a machine");
    expect(text).toContain("missing: PyTorch (not installed)");
  });

  test("says which numbers are as wanted and which are not", () => {
    const claims = [
      claim("ours over theirs", 1.25, { atLeast: 1.2 }),
      claim("seconds to compile", 0.75, { atMost: 0.5, unit: "s" }),
    ];
    const text = reportTable({ suite: "lib", machine: "", rows: [], missing: [], claims });
    expect(text).toMatch(/ours over theirs +1\.25 x +at least 1\.2 +holds/);
    expect(text).toMatch(/seconds to compile +0\.75 s +at most 0\.5 +MISSED/);
  });

  test("takes the middle of an odd and of an even number of values", () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
  });
});
