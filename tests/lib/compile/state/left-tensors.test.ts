// What a run leaves: whoever reads the model afterwards sees it, and another compiled step takes it up, without sync.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import type { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import * as lib from "../../../../lib/index.ts";
import { hashClasses, hashUniform } from "../../../support/hash.ts";

interface Batch {
  readonly inputs: lib.Tensor;
  readonly targets: lib.Tensor;
  readonly [name: string]: lib.Tensor;
}

const batches = (count: number, first = 0): Batch[] =>
  Array.from({ length: count }, (_, index) => ({
    inputs: lib.cast(hashUniform([8, 6], first + index), "float32"),
    targets: hashClasses(8, first + index, 3),
  }));

type MakeOptimizer = (parameters: lib.Parameter[]) => lib.Optimizer;
// A large epsilon: else rounding decides where a gradient is nearly 0.
const adam: MakeOptimizer = (parameters) =>
  new lib.Adam(parameters, { learningRate: 0.01, epsilon: 1e-3 });
const sgd: MakeOptimizer = (parameters) =>
  new lib.SGD(parameters, { learningRate: 0.1, momentum: 0.9 });

// Batch normalisation has running statistics; it comes first, for a bias before it would have no gradient.
function parts(makeOptimizer = sgd) {
  const random = new lib.Generator(5);
  const model = new lib.Sequential(
    new lib.BatchNorm({ channels: 6 }),
    new lib.Linear({ inFeatures: 6, outFeatures: 8000, random }),
    new lib.Tanh(),
    new lib.Linear({ inFeatures: 8000, outFeatures: 3, random }),
  );
  const optimizer = makeOptimizer(model.parameters());
  const other = makeOptimizer(model.parameters());
  const loss = new lib.CrossEntropyLoss();
  const stepWith =
    (by: lib.Optimizer, scale = 1) =>
    ({ inputs, targets }: Batch): { loss: lib.Tensor } => {
      const value = loss.forward(lib.mul(model.forward(inputs), scale), targets);
      model.backward(lib.mul(loss.backward(), scale));
      by.step();
      return { loss: value };
    };
  const numbers = (): number[][] =>
    [...model.parameters(), ...model.states(), ...optimizer.states(), ...other.states()].map(
      ({ value }) => Array.from(value.toTypedArray()),
    );
  return { model, optimizer, other, loss, stepWith, numbers };
}

type All = ReturnType<typeof parts>;
const compileStep = (all: All, options: Partial<lib.CompileOptions> = {}) =>
  lib.compile(all.stepWith(all.optimizer), { ...all, stepsPerRun: 2, ...options });

// All that waits for nothing but other promises has been done by then, and nothing else.
const posted = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

const weight = ({ model }: All): lib.Parameter => model.parameters()[3]!;
const valuesOf = (tensor: lib.Tensor): number[] => Array.from(tensor.toTypedArray());

function expectNear(actual: readonly number[][], expected: readonly number[][]): void {
  for (const [index, numbers] of actual.entries()) {
    expect(numbers.length).toBe(expected[index]!.length);
    const distances = numbers.map((value, at) => Math.abs(value - expected[index]![at]!));
    expect(distances.reduce((most, each) => Math.max(most, each), 0)).toBeLessThan(2e-5);
  }
}

const RUNNERS: [string, Partial<lib.CompileOptions>][] = [
  ["a worker", {}],
  ["this thread", { worker: false }],
];
const shared = (all: All): lib.Optimizer => all.optimizer;
const own = (all: All): lib.Optimizer => all.other;

describe.each(RUNNERS)("compiled steps in %s", (_where, options) => {
  test.each([
    ["SGD, one each", sgd, own],
    ["Adam, one for both", adam, shared],
    ["Adam, one each", adam, own],
  ] as const)("over one model take turns as eager steps do: %s", async (_how, make, second) => {
    const [eager, compiled] = [parts(make), parts(make)];
    const eagerSteps = [eager.stepWith(eager.optimizer), eager.stepWith(second(eager), 0.5)];
    const optimizer = second(compiled);
    const steps = [
      compileStep(compiled, options),
      lib.compile(compiled.stepWith(optimizer, 0.5), { ...compiled, ...options, optimizer }),
    ];
    for (let turn = 0; turn < 3; turn++) {
      for (const [which, step] of steps.entries()) {
        const list = batches(2, 4 * turn + 2 * which);
        const expected = list.map((batch) => eagerSteps[which]!(batch).loss.item());
        const { loss } = await step.run(list);
        expectNear([Array.from(loss)], [expected]);
      }
    }
    for (const step of steps) step.dispose();
    expectNear(compiled.numbers(), eager.numbers());
    expect(compiled.optimizer.progress).toEqual(eager.optimizer.progress);
  });

  test("leave to eager code what it reads", async () => {
    const all = parts();
    const compiled = compileStep(all, options);
    const [{ inputs, targets }] = batches(1) as [Batch];
    const lossNow = (): number => all.loss.forward(all.model.forward(inputs), targets).item();
    all.model.eval();
    const before = lossNow();
    all.model.train();
    const { loss } = await compiled.run(batches(4));
    all.model.eval();
    expect(lossNow()).not.toBe(before);
    expect(all.optimizer.stepCount).toBe(4);
    // Eager steps and compiled ones go on from each other.
    const eager = parts();
    for (const [index, batch] of batches(4).entries()) {
      expect(eager.stepWith(eager.optimizer)(batch).loss.item()).toBeCloseTo(loss[index]!, 4);
    }
    for (const each of [eager, all]) each.model.train();
    all.stepWith(all.optimizer)(batches(1, 4)[0]!);
    weight(all).value = lib.mul(weight(all).value, 0.5);
    await compiled.run(batches(2, 5));
    eager.stepWith(eager.optimizer)(batches(1, 4)[0]!);
    weight(eager).value = lib.mul(weight(eager).value, 0.5);
    for (const batch of batches(2, 5)) eager.stepWith(eager.optimizer)(batch);
    expectNear(all.numbers(), eager.numbers());
    compiled.dispose();
  });

  test("leave it to files, measures and other programs", async () => {
    const folder = await mkdtemp(join(tmpdir(), "gradlab-left-"));
    const path = (name: string): string => join(folder, name);
    const [all, again, inFile, inCheckpoint] = [parts(), parts(), parts(), parts()];
    const eager = again.stepWith(again.optimizer);
    const compiled = compileStep(all, options);
    await compiled.run(batches(2));
    for (const batch of batches(2)) eager(batch);
    const [{ inputs, targets }] = batches(1) as [Batch];
    const outputs: lib.Tensor[] = [];
    await lib.saveWeights(all.model, path("weights.safetensors"));
    await compiled.run(batches(2, 2));
    await lib.saveCheckpoint({ ...all }, path("checkpoint.safetensors"));
    await lib.loadWeights(inFile.model, path("weights.safetensors"));
    expectNear(
      inFile.model.parameters().map(({ value }) => valuesOf(value)),
      again.model.parameters().map(({ value }) => valuesOf(value)),
    );
    for (const batch of batches(2, 2)) eager(batch);
    await lib.loadCheckpoint({ ...inCheckpoint }, path("checkpoint.safetensors"));
    expectNear(inCheckpoint.numbers(), again.numbers());
    await compiled.run(batches(2, 4));
    for (const batch of batches(2, 4)) eager(batch);
    for (const { model } of [all, again]) model.eval();
    const file = lib.toOnnx(all.model, { inputs: { inputs: { shape: ["batch", 6] } } });
    outputs.push(lib.fromOnnx(file).forward(inputs), again.model.forward(inputs));
    expectNear([valuesOf(outputs[0]!)], [valuesOf(outputs[1]!)]);
    for (const { model } of [all, again]) model.train();
    await compiled.run(batches(2, 6));
    for (const batch of batches(2, 6)) eager(batch);
    expectNear(
      [...lib.stateDict(all.model).values()].map(valuesOf),
      [...lib.stateDict(again.model).values()].map(valuesOf),
    );
    await compiled.run(batches(2, 8));
    for (const batch of batches(2, 8)) eager(batch);
    const data = new lib.Dataset(inputs, targets);
    expect(lib.accuracy(all.model, data)).toBe(lib.accuracy(again.model, data));
    compiled.dispose();
    await rm(folder, { recursive: true });
  });

  test("lose nothing by dispose, not even what is under way", async () => {
    const [all, eager] = [parts(), parts()];
    const compiled = compileStep(all, options);
    await compiled.run(batches(2));
    compiled.dispose();
    for (const batch of batches(2)) eager.stepWith(eager.optimizer)(batch);
    expectNear(all.numbers(), eager.numbers());
    const next = compileStep(all, options);
    await next.run(batches(2, 2));
    const running = next.run(batches(2, 4)).catch((error: unknown) => error);
    await posted();
    next.dispose();
    expect(await running).toBeInstanceOf(lib.StateError);
    // A worker does what it was asked for; in this thread, the run has not begun.
    const count = options.worker === false ? 2 : 4;
    for (const batch of batches(count, 2)) eager.stepWith(eager.optimizer)(batch);
    expectNear(all.numbers(), eager.numbers());
  });

  test("leave tensors that keep their numbers once they are read, and no others afterwards", async () => {
    const all = parts();
    const compiled = compileStep(all, options);
    await compiled.run(batches(2));
    const read = weight(all).value;
    const numbers = valuesOf(read);
    await compiled.run(batches(2));
    const unread = weight(all).value;
    await compiled.run(batches(2));
    expect(valuesOf(read)).toEqual(numbers);
    expect(valuesOf(weight(all).value)).not.toEqual(numbers);
    expect(() => unread.toArray()).toThrow(lib.StateError);
    expect(() => unread.toArray()).toThrow(
      /until the next run.*call stateDict\(model\).*await step\.sync\(\), or take a copy: parameter\.value/,
    );
    // Whoever only looks at it, in a notebook or on the console, gets a line in place of an error.
    const line =
      /^tensor of shape \[8000\], float32, without numbers\. compile: .*until the next run/;
    expect(unread.toMimeBundle()["text/plain"]).toMatch(line);
    expect(inspect(unread)).toMatch(line);
    // Who puts something else there has not changed what was there.
    const kept = weight(all).value;
    weight(all).value = lib.zeros(kept.shape);
    await compiled.run(batches(2));
    expect(valuesOf(kept)).not.toEqual(valuesOf(weight(all).value));
    compiled.dispose();
  });

  test.each(["gradlab", "torch"] as const)(
    "leave weights that stateDict keeps, whatever runs come later: layout %s",
    async (layout) => {
      const [all, eager] = [parts(), parts()];
      const compiled = compileStep(all, options);
      await compiled.run(batches(2));
      const best = lib.stateDict(all.model, { layout });
      await compiled.run(batches(2, 2));
      for (const batch of batches(2)) eager.stepWith(eager.optimizer)(batch);
      const numbers = ({ model }: All): number[][] =>
        [...lib.stateDict(model, { layout }).values()].map(valuesOf);
      expectNear([...best.values()].map(valuesOf), numbers(eager));
      lib.loadStateDict(all.model, best, { layout });
      expectNear(numbers(all), numbers(eager));
      await compiled.run(batches(2));
      const running = compiled.run(batches(2));
      await posted();
      expect(() => lib.stateDict(all.model, { layout })).toThrow(/still under way\. Await what/);
      await running;
      compiled.dispose();
    },
  );

  test("leave weights and moments that a file has, though runs begin before it is written", async () => {
    const folder = await mkdtemp(join(tmpdir(), "gradlab-left-"));
    const file = join(folder, "checkpoint.safetensors");
    const [all, eager, again] = [parts(), parts(), parts()];
    const compiled = compileStep(all, options);
    await compiled.run(batches(2));
    for (const batch of batches(2)) eager.stepWith(eager.optimizer)(batch);
    const saved = lib.saveCheckpoint({ ...all }, file);
    await compiled.run(batches(2, 2));
    await saved;
    await lib.loadCheckpoint({ ...again }, file);
    expectNear(again.numbers(), eager.numbers());
    compiled.dispose();
    await rm(folder, { recursive: true });
  });

  test("refuse to read while a run is under way, and go on from there", async () => {
    const all = parts();
    const compiled = compileStep(all, options);
    await compiled.run(batches(2));
    const running = compiled.run(batches(2));
    await posted();
    const read = (): number[] => valuesOf(weight(all).value);
    expect(read).toThrow(lib.StateError);
    expect(read).toThrow(/still under way\. Await what run/);
    await running;
    expect(read().every(Number.isFinite)).toBe(true);
    compiled.dispose();
  });

  test("leave what was there before a run that fails", async () => {
    const random = new lib.Generator(1);
    const model = new lib.Embedding({ vocabularySize: 5, features: 2, random });
    const optimizer = new lib.SGD(model.parameters(), { learningRate: 0.1 });
    const learn = ({ words }: { words: lib.Tensor }): { rows: lib.Tensor } => {
      const rows = model.forward(words);
      model.accumulateGradients(rows);
      optimizer.step();
      return { rows };
    };
    const words = (word: number) => ({ words: lib.tensor([word], { dtype: "int32" }) });
    const compiled = lib.compile(learn, { model, optimizer, stepsPerRun: 1, ...options });
    const { rows } = await compiled.run(words(3));
    await expect(compiled.run(words(7))).rejects.toThrow("got 7 at position 0");
    const [, , , third] = model.weight.value.toArray() as number[][];
    expect(third).toEqual(Array.from(rows, (value) => expect.closeTo(0.9 * value, 6)));
    compiled.dispose();
  });
});

describe("what runs leave", () => {
  test("is the same with sync and without, of ranks and of verified steps too", async () => {
    const train = async (options: Partial<lib.CompileOptions>, hasSync: boolean) => {
      const all = parts();
      // Ranks refuse batch normalisation in training.
      if (options.ranks === 2) all.model.eval();
      const compiled = compileStep(all, options);
      for (let turn = 0; turn < 3; turn++) {
        await compiled.run(batches(2, 2 * turn));
        if (hasSync) await compiled.sync();
        // Somebody looks now and then.
        if (turn === 1) weight(all).value.toArray();
      }
      compiled.dispose();
      return all.numbers();
    };
    for (const options of [{}, { ranks: 2 }, { verify: 3 }]) {
      expect(await train(options, false)).toEqual(await train(options, true));
    }
  });

  // Compiles, runs twice, of which the first is read, and lets the worker end outside of any question.
  const trainUntilDeath = async () => {
    const workers: Worker[] = [];
    const collect = (worker: Worker): unknown => workers.push(worker);
    process.on("worker", collect);
    const all = parts();
    const compiled = compileStep(all);
    await compiled.run(batches(2));
    process.off("worker", collect);
    const read = all.numbers();
    await compiled.run(batches(2));
    const [worker] = workers as [Worker];
    const exit = new Promise((resolve) => worker.once("exit", resolve));
    worker.postMessage(null);
    await exit;
    return { all, compiled, read };
  };

  test("of a worker that has died is what was last read, and the first who reads is told", async () => {
    const { all, compiled, read } = await trainUntilDeath();
    const unread = weight(all).value;
    expect(() => all.model.forward(batches(1)[0]!.inputs)).toThrow(lib.WorkerError);
    expect(() => unread.toArray()).toThrow(/it ended: .* keeps what was last read or synced/);
    expect(all.numbers()).toEqual(read);
    compiled.dispose();
    expect(all.numbers()).toEqual(read);
  });

  test("of a worker that has died is not lost silently by dispose", async () => {
    const { all, compiled, read } = await trainUntilDeath();
    expect(() => compiled.dispose()).toThrow(lib.WorkerError);
    expect(all.numbers()).toEqual(read);
    compiled.dispose();
  });
});
