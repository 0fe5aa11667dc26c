// Large constants: no part of the model, held once by the runner, and the numbers of the eager step everywhere.
import { describe, expect, test } from "vitest";
import { requireOnnxRuntime } from "../../../../lib/backends/onnx/runtime.ts";
import { Constants } from "../../../../lib/compile/runners/constants.ts";
import { Program } from "../../../../lib/compile/program.ts";
import { type Recording, recordStep } from "../../../../lib/compile/recording/record.ts";
import type { Runner } from "../../../../lib/compile/runners/runner.ts";
import { CompiledState } from "../../../../lib/compile/state/state.ts";
import type { TypedArray } from "../../../../lib/dtype.ts";
import * as lib from "../../../../lib/index.ts";
import { hashClasses, hashUniform } from "../../../support/hash.ts";

const ROWS = 1200;
const FEATURES = 256;

interface Batch {
  readonly words: lib.Tensor;
  readonly targets: lib.Tensor;
  readonly [name: string]: lib.Tensor;
}

const batches = (...sizes: number[]): Batch[] =>
  sizes.map((size, seed) => ({
    words: hashClasses(size, seed, ROWS),
    targets: hashClasses(size, 50 + seed, 3),
  }));

// Of more than 1 MB each: a table, labels of its rows, and which of its numbers count.
const table = lib.cast(hashUniform([ROWS, FEATURES], 7), "float32");
const codes = lib.cast(lib.mul(table, 100), "int32");
const isKept = lib.concat([1, 2, 3, 4].map(() => lib.greater(table, 0)));

function training() {
  const random = new lib.Generator(3);
  const model = new lib.Linear({ inFeatures: FEATURES, outFeatures: 3, random });
  const optimizer = new lib.SGD(model.parameters(), { learningRate: 0.1, momentum: 0.9 });
  const loss = new lib.CrossEntropyLoss();
  const step = ({ words, targets }: Batch): lib.Tensors => {
    const rows = lib.where(lib.gather(isKept, words), lib.gather(table, words), 0);
    const coded = lib.cast(lib.gather(codes, words), "float32");
    const value = loss.forward(model.forward(lib.add(rows, lib.mul(coded, 0.01))), targets);
    model.accumulateGradients(loss.backward());
    optimizer.step();
    return { loss: value };
  };
  const weights = (): number[] =>
    model.parameters().flatMap(({ value }) => Array.from(value.toTypedArray()));
  return { model, optimizer, step, weights };
}

const near = (numbers: readonly number[], digits: number): number[] =>
  numbers.map((value) => expect.closeTo(value, digits) as number);

describe("a step with large constants gives the eager step's numbers", () => {
  const eager = training();
  const list = batches(8, 8, 8, 8, 8, 8, 6);
  const expected = list.map((batch) => eager.step(batch)["loss"]!.item());
  test.each([
    ["in this thread", { worker: false, stepsPerRun: 1 }],
    ["several steps in one go", { worker: false, stepsPerRun: 3 }],
    ["in a worker", { stepsPerRun: 3 }],
    ["in two ranks", { stepsPerRun: 3, ranks: 2 }],
  ])("%s", async (_how, options) => {
    const { model, optimizer, step, weights } = training();
    const compiled = lib.compile(step, { model, optimizer, ...options });
    const { loss } = await compiled.run(list);
    await compiled.sync();
    compiled.dispose();
    expect([...loss!]).toEqual(near(expected, 5));
    expect(weights()).toEqual(near(eager.weights(), 5));
  });
});

// What a step is recorded as, with nobody to train.
function recorded(step: (batch: lib.Tensors) => lib.Tensors, steps = 1): Recording {
  return recordStep(step, {
    of: new CompiledState().takeIn({ slots: [], optimizers: [], layers: [] }),
    batch: { words: { shape: [4], dtype: "int32" } },
    steps,
    threads: 1,
    runtime: requireOnnxRuntime(),
  });
}

const look = ({ words }: lib.Tensors): lib.Tensors => ({ rows: lib.gather(table, words!) });

describe("a recording", () => {
  test.each([1, 4])("of %i steps leaves a large constant where it is", (steps) => {
    const { plan, constants } = recorded(look, steps);
    expect(constants.length).toBe(1);
    // Neither copied nor repeated for every step.
    expect(constants[0]).toBe(table.backend.read(table.value));
    expect(plan.constants.map(({ shape }) => shape)).toEqual([[ROWS, FEATURES]]);
    expect(plan.kind === "whole" && plan.model.length).toBeLessThan(5_000);
  });

  test("takes one that is used twice once, and small ones into the model", () => {
    const small = lib.ones([1000]);
    const { plan, constants } = recorded(({ words }) => ({
      both: lib.add(lib.gather(table, words!), lib.gather(table, lib.sub(words!, 1))),
      small: lib.sum(small),
    }));
    expect(constants.length).toBe(1);
    expect(plan.kind === "whole" && plan.model.length).toBeGreaterThan(4_000);
  });

  test("takes constants that were made for it: by the step, or by an op", () => {
    const { constants } = recorded(({ words }) => ({
      made: lib.gather(lib.reshape(lib.arange(300_000), [100_000, 3]), words!),
      hot: lib.oneHot(words!, 600),
    }));
    expect(constants.map(({ length }) => length)).toEqual([300_000, 600 * 600]);
  });

  test("refuses a large constant of float64 like a small one", async () => {
    for (const rows of [2, ROWS]) {
      const wide = lib.zeros([rows, FEATURES], { dtype: "float64" });
      const step = ({ words }: lib.Tensors): lib.Tensors => ({ rows: lib.gather(wide, words!) });
      const compiled = lib.compile(step, { model: [], optimizer: [] });
      const words = lib.tensor([1], { dtype: "int32" });
      const error: unknown = await compiled.run({ words }).catch((reason: unknown) => reason);
      compiled.dispose();
      expect(error).toBeInstanceOf(lib.DTypeError);
      expect((error as Error).message).toContain(`[${rows}, ${FEATURES}] of float64 at tests/`);
    }
  });

  test("keeps the numbers that a variable had then, until a later call finds others", async () => {
    let factor = lib.ones([600, 600]);
    const sums = ({ x }: lib.Tensors): lib.Tensors => ({ sum: lib.sum(lib.mul(factor, x!)) });
    const compiled = lib.compile(sums, { model: [], optimizer: [], stepsPerRun: 1 });
    const sumFor = async (shape: number[]): Promise<number> =>
      (await compiled.run({ x: lib.ones(shape) }))["sum"]![0]!;
    for (let run = 0; run < 2; run++) expect(await sumFor([])).toBe(360_000);
    factor = lib.full([600, 600], 2);
    expect(await sumFor([])).toBe(360_000);
    await expect(sumFor([])).rejects.toThrow("takes a constant [600, 600] in the first call");
    expect(await sumFor([])).toBe(720_000);
    compiled.dispose();
  });
});

// Writes down what a runner is asked for; `failing` is refused.
function notingRunner(failing?: string): { runner: Runner; calls: string[] } {
  const calls: string[] = [];
  const note = async (call: string): Promise<void> => {
    calls.push(call);
    if (call === failing) throw new lib.BackendError(`refused: ${call}`);
  };
  const runner = {
    hold: (constant: number, numbers: TypedArray) => note(`hold ${constant}: ${numbers.length}`),
    letGo: (constant: number) => note(`let go ${constant}`),
    open: (program: number, _plan: unknown, held: number[]) =>
      note(`open ${program}: ${held.join()}`),
    close: (program: number) => note(`close ${program}`),
  };
  return { runner: runner as unknown as Runner, calls };
}

describe("programs", () => {
  const both = ({ words }: lib.Tensors): lib.Tensors => ({
    rows: lib.gather(table, words!),
    codes: lib.gather(codes, words!),
  });
  const size = ROWS * FEATURES;

  test("share a constant, which is held from the first one's opening to the last one's end", async () => {
    const { runner, calls } = notingRunner();
    const constants = new Constants(runner);
    const [first, second, third] = [look, both, look].map(
      (step, number) => new Program(recorded(step), { runner, number, constants, forget() {} }),
    ) as [Program, Program, Program];
    await first.open();
    await second.open();
    expect(calls.splice(0)).toEqual([
      `hold 0: ${size}`,
      "open 0: 0",
      `hold 1: ${size}`,
      "open 1: 0,1",
    ]);
    await first.close();
    await second.close();
    expect(calls.splice(0)).toEqual(["close 0", "close 1", "let go 0", "let go 1"]);
    await third.open();
    expect(calls).toEqual([`hold 0: ${size}`, "open 2: 0"]);
  });

  test("that cannot be opened leave nothing behind", async () => {
    for (const failing of ["open 0: 0,1", `hold 1: ${size}`]) {
      const { runner, calls } = notingRunner(failing);
      const constants = new Constants(runner);
      let isForgotten = false;
      const forget = (): void => void (isForgotten = true);
      const program = new Program(recorded(both), { runner, number: 0, constants, forget });
      await expect(program.open()).rejects.toThrow(`refused: ${failing}`);
      const held = calls.filter((call) => call.startsWith("hold") && call !== failing);
      const released = calls.filter((call) => call.startsWith("let go"));
      expect(released.length).toBe(held.length);
      expect(isForgotten).toBe(true);
    }
  });
});
