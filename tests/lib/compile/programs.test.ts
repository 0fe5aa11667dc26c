// What a recording cannot see is looked for now and then: the step is called again, for the graph of each shape.
import { describe, expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import { batch } from "../../support/small-step.ts";

type Batch = ReturnType<typeof batch>;

describe("what changes between two runs outside of all that is listed", () => {
  const annealed = (): {
    compiled: lib.CompiledStep<Batch, { y: lib.Tensor }>;
    box: { beta: number };
  } => {
    const box = { beta: 1 };
    const compiled = lib.compile(({ inputs }: Batch) => ({ y: lib.mul(inputs, box.beta) }), {
      model: [],
      optimizer: [],
      stepsPerRun: 1,
    });
    return { compiled, box };
  };

  test("is an error in the second run, and then counts", async () => {
    const { compiled, box } = annealed();
    await compiled.run(batch());
    box.beta = 0.5;
    await expect(compiled.run(batch())).rejects.toThrow(
      /mul at .* takes 1 in the first call and 0\.5 in a later one\. Pass a number that changes in the batch/,
    );
    expect((await compiled.run(batch())).y[0]).toBe(0.5);
    box.beta = 0.25;
    await expect(compiled.run(batch())).rejects.toThrow("takes 0.5 in the first call and 0.25 in");
    compiled.dispose();
  });

  test("counts for batches of every shape, each of which is looked at", async () => {
    const { compiled, box } = annealed();
    const factors: (number | undefined)[] = [];
    const run = async (rows: number): Promise<void> => {
      const result = await compiled.run(batch(rows)).catch(() => undefined);
      factors.push(result?.y[0]);
    };
    // Two shapes in turns, so that every second run has the same one.
    for (const rows of [2, 3, 2]) await run(rows);
    box.beta = 0.5;
    for (const rows of [3, 2, 3]) await run(rows);
    expect(factors).toEqual([1, 1, 1, undefined, 0.5, 0.5]);
    compiled.dispose();
  });

  test("may be another tensor of the same numbers", async () => {
    let table = lib.tensor([1, 2, 3, 4]);
    const compiled = lib.compile(({ inputs }: Batch) => ({ y: lib.mul(inputs, table) }), {
      model: [],
      optimizer: [],
    });
    await compiled.run(batch());
    table = lib.tensor([1, 2, 3, 4]);
    await compiled.run(batch());
    table = lib.tensor([1, 2, 3, 5]);
    await compiled.run(batch());
    await expect(compiled.run(batch())).rejects.toThrow(
      /takes a constant \[4\] in the first call and another in a later one/,
    );
    compiled.dispose();
  });

  test("is found in run 4, 8, 16, too, and runs between them cost nothing", async () => {
    const { compiled, box } = annealed();
    let calls = 0;
    Object.defineProperty(box, "beta", { get: () => (calls++, calls > 5 ? 2 : 1) });
    const counts: number[] = [];
    for (let run = 0; run < 15; run++) {
      await compiled.run(batch());
      counts.push(calls);
    }
    expect(counts).toEqual([2, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5]);
    await expect(compiled.run(batch())).rejects.toThrow(lib.TracingError);
    compiled.dispose();
  });
});
