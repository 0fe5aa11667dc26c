// A kernel that has run for weeks: memory stays flat over ten thousand cells, and a flood does not blow it up.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryOf } from "../../bench/kernel/process-memory.ts";
import { TestKernel } from "../support/test-kernel.ts";

/**
 * By then V8 has found the size of its young generation. The heap after a collection is the same from the first
 * thousand cells on, but the pages that the process holds still grow by some 15 MiB up to here.
 */
const FIRST_CELLS = 6000;
const ALL_CELLS = 12_000;
/** V8 takes and gives back memory in large pieces: less than this is no growth. */
const NOISE_MIB = 15;

describe.skipIf(process.platform !== "linux")("memory of host and runtime (needs /proc)", () => {
  let kernel: TestKernel;
  let host: number;
  beforeAll(async () => {
    kernel = await TestKernel.start();
    host = Number((await kernel.execute("process.ppid")).result?.["text/plain"]);
  });
  afterAll(async () => {
    await kernel.stop();
  });

  const run = async (count: number): Promise<number> => {
    for (let n = 0; n < count; n++) {
      await kernel.execute(`console.log(${n}); ${n} + 1`);
      kernel.published.length = 0;
    }
    return memoryOf(host).kernelMib;
  };

  test(`cells ${FIRST_CELLS} to ${ALL_CELLS} add nothing`, async () => {
    const before = await run(FIRST_CELLS);
    const after = await run(ALL_CELLS - FIRST_CELLS);
    expect(after - before).toBeLessThan(NOISE_MIB);
  });

  test("ten floods of 10 MB leave both processes below 300 MiB", async () => {
    for (let n = 0; n < 10; n++) {
      const { stdout } = await kernel.execute(
        "for (let i = 0; i < 100_000; i++) console.log('x'.repeat(99))",
      );
      expect(stdout.length).toBe(10_000_000);
      kernel.published.length = 0;
    }
    const children = readFileSync(`/proc/${host}/task/${host}/children`, "utf8").trim().split(" ");
    const isServer = (id: string): boolean =>
      readFileSync(`/proc/${id}/cmdline`, "utf8").includes("--lsp");
    const processes = [String(host), ...children.filter((id) => !isServer(id))];
    const resident = processes.map(
      (id) =>
        Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1]) / 1024,
    );
    expect(resident.reduce((sum, mib) => sum + mib, 0)).toBeLessThan(300);
  });
});
