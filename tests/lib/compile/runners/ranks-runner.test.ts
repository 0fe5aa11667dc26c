// Ranks: workers that share every batch take the eager step of the whole batch, and say when they cannot.
import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import * as lib from "../../../../lib/index.ts";
import { hashClasses, hashUniform } from "../../../support/hash.ts";

interface Batch {
  readonly inputs: lib.Tensor;
  readonly targets: lib.Tensor;
  readonly [name: string]: lib.Tensor;
}

interface Setting {
  readonly name: string;
  readonly shape: readonly number[];
  readonly model: (random: lib.Generator) => lib.Layer;
  readonly optimizer: (parameters: lib.Parameter[]) => lib.Optimizer;
  readonly maxNorm?: number;
}

const linear = (inFeatures: number, outFeatures: number, random: lib.Generator): lib.Layer =>
  new lib.Linear({ inFeatures, outFeatures, random });

const SETTINGS: Setting[] = [
  {
    name: "an MLP with dropout, Adam",
    shape: [8, 12],
    model: (random) =>
      new lib.Sequential(
        linear(12, 32, random),
        new lib.ReLU(),
        new lib.Dropout({ rate: 0.3, random }),
        linear(32, 3, random),
      ),
    optimizer: (parameters) => new lib.Adam(parameters, { learningRate: 0.01 }),
  },
  {
    name: "an MLP with clipping by norm, momentum and a schedule",
    shape: [8, 12],
    model: (random) =>
      new lib.Sequential(linear(12, 32, random), new lib.Tanh(), linear(32, 3, random)),
    optimizer: (parameters) =>
      new lib.SGD(parameters, { learningRate: (step) => 0.1 / step, momentum: 0.9 }),
    maxNorm: 0.05,
  },
  {
    name: "LeNet",
    shape: [8, 1, 28, 28],
    model: (random) =>
      new lib.Sequential(
        new lib.Conv2d({ inChannels: 1, outChannels: 6, kernelSize: 5, padding: 2, random }),
        new lib.ReLU(),
        new lib.MaxPool2d({ kernelSize: 2 }),
        new lib.Conv2d({ inChannels: 6, outChannels: 16, kernelSize: 5, random }),
        new lib.ReLU(),
        new lib.MaxPool2d({ kernelSize: 2 }),
        new lib.Flatten(),
        linear(400, 84, random),
        new lib.ReLU(),
        linear(84, 3, random),
      ),
    optimizer: (parameters) => new lib.SGD(parameters, { learningRate: 0.01, momentum: 0.9 }),
  },
  {
    name: "an LSTM with dropout, AdamW",
    shape: [8, 6, 5],
    model: (random) =>
      new lib.Sequential(
        new lib.LSTM({ inFeatures: 5, hiddenSize: 7, random }),
        new lib.Dropout({ rate: 0.2, random }),
        new lib.Flatten(),
        linear(42, 3, random),
      ),
    optimizer: (parameters) => new lib.AdamW(parameters, { learningRate: 0.01 }),
    maxNorm: 1,
  },
];

function training({ model: makeModel, optimizer: makeOptimizer, maxNorm }: Setting) {
  const random = new lib.Generator(7);
  const model = makeModel(random);
  const optimizer = makeOptimizer(model.parameters());
  const loss = new lib.CrossEntropyLoss();
  const step = ({ inputs, targets }: Batch): lib.Tensors => {
    const logits = model.forward(inputs);
    const value = loss.forward(logits, targets);
    model.accumulateGradients(loss.backward());
    const norm = maxNorm === undefined ? value : lib.clipByNorm(model.parameters(), maxNorm);
    optimizer.step();
    return { loss: value, logits, norm };
  };
  const weights = (): number[][] =>
    model.parameters().map(({ value }) => Array.from(value.toTypedArray()));
  return { model, optimizer, step, weights };
}

const batches = (shape: readonly number[], count: number, rows = shape[0]!): Batch[] =>
  Array.from({ length: count }, (_, index) => ({
    inputs: lib.cast(hashUniform([rows, ...shape.slice(1)], index), "float32"),
    targets: hashClasses(rows, index, 3),
  }));

describe.each(SETTINGS)("two ranks of $name", (setting) => {
  test("take the steps of the whole batch, draws included", async () => {
    const { model, optimizer, step } = training(setting);
    // Verification compares every result and every state with the eager step, within rounding.
    const compiled = lib.compile(step, { model, optimizer, ranks: 2, stepsPerRun: 1, verify: 4 });
    const { loss, logits } = await compiled.run(batches(setting.shape, 4));
    expect(loss).toHaveLength(4);
    expect(logits).toHaveLength(4 * 8 * 3);
    await compiled.sync();
    expect(optimizer.stepCount).toBe(4);
    compiled.dispose();
  });

  test("repeat themselves bit by bit, a last short batch included, and stay near one rank", async () => {
    const run = async (ranks: number) => {
      const { model, optimizer, step, weights } = training(setting);
      const compiled = lib.compile(step, { model, optimizer, ranks, stepsPerRun: 3 });
      const list = [...batches(setting.shape, 6), ...batches(setting.shape, 1, 5)];
      const { loss, norm } = await compiled.run(list);
      await compiled.sync();
      compiled.dispose();
      return { loss: [...loss!], norm: [...norm!], weights: weights() };
    };
    const first = await run(2);
    expect(await run(2)).toEqual(first);
    const one = await run(1);
    expect(first.loss).toEqual(one.loss.map((value) => expect.closeTo(value, 4)));
    expect(first.norm).toEqual(one.norm.map((value) => expect.closeTo(value, 4)));
  });
});

const mlp = SETTINGS[0]!;

describe("ranks", () => {
  test("may be more than two", async () => {
    const { model, optimizer, step } = training(mlp);
    const compiled = lib.compile(step, { model, optimizer, ranks: 4, stepsPerRun: 1, verify: 2 });
    expect((await compiled.run(batches(mlp.shape, 2)))["loss"]).toHaveLength(2);
    compiled.dispose();
  });

  test.each([
    ["cross-entropy", new lib.CrossEntropyLoss({ reduction: "sum" })],
    ["squared errors", new lib.MeanSquaredErrorLoss({ reduction: "sum" })],
    ["half the squared errors", new lib.MeanSquaredErrorLoss({ reduction: "half" })],
    ["binary cross-entropy", new lib.BinaryCrossEntropyLoss({ reduction: "sum" })],
  ])("take a sum of %s over the whole batch", async (_name, loss) => {
    const model = linear(12, 3, new lib.Generator(1));
    const optimizer = new lib.SGD(model.parameters(), { learningRate: 0.01 });
    const step = ({ inputs, targets }: Batch): { loss: lib.Tensor } => {
      const value = loss.forward(model.forward(inputs), targets);
      model.backward(loss.backward());
      optimizer.step();
      return { loss: value };
    };
    const list = batches([8, 12], 2).map(({ inputs, targets }) => ({
      inputs,
      targets:
        loss instanceof lib.CrossEntropyLoss
          ? targets
          : lib.oneHot(targets, 3, { dtype: "float32" }),
    }));
    // The eager step has the whole batch.
    const compiled = lib.compile(step, { model, optimizer, ranks: 2, verify: 2 });
    expect((await compiled.run(list)).loss[0]).toBeGreaterThan(1);
    compiled.dispose();
  });

  // Words, and what a step makes of them; only the second rank sees the last ones.
  const words = (...indices: number[]): Batch => ({
    inputs: lib.tensor(
      indices.map((index) => [index]),
      { dtype: "int32" },
    ),
    targets: lib.zeros([indices.length], { dtype: "int32" }),
  });
  const embedding = () => {
    const random = new lib.Generator(1);
    const model = new lib.Sequential(
      new lib.Embedding({ vocabularySize: 10, features: 4, random }),
      new lib.Flatten(),
      linear(4, 3, random),
    );
    const all = training({ ...mlp, model: () => model });
    return { ...all, compiled: lib.compile(all.step, { ...all, ranks: 2, stepsPerRun: 1 }) };
  };

  test("drop a run in which one of them fails, and go on from there together", async () => {
    const { compiled, weights } = embedding();
    await compiled.run(words(1, 2, 3, 4));
    await compiled.sync();
    const before = weights();
    await expect(compiled.run(words(1, 2, 3, 77))).rejects.toThrow(/77/);
    await compiled.sync();
    expect(weights()).toEqual(before);
    await compiled.run([words(1, 2, 3, 4), words(5, 6, 7)]);
    compiled.dispose();
  });

  test("do not wait for one that has died", async () => {
    const workers: Worker[] = [];
    const collect = (worker: Worker): unknown => workers.push(worker);
    process.on("worker", collect);
    const { model, optimizer, step } = training(mlp);
    const compiled = lib.compile(step, { model, optimizer, ranks: 2, stepsPerRun: 4 });
    await compiled.run(batches(mlp.shape, 4));
    process.off("worker", collect);
    const running = compiled.run(batches(mlp.shape, 400));
    workers[1]!.postMessage(null);
    await expect(running).rejects.toThrow(lib.WorkerError);
    compiled.dispose();
    const alive = workers.filter(({ threadId }) => threadId !== -1);
    await Promise.all(alive.map((worker) => once(worker, "exit")));
    expect(workers.map(({ threadId }) => threadId)).toEqual([-1, -1]);
  });

  test("do not wait for one that fails or dies while their caller stands still for them", async () => {
    for (const dies of [false, true]) {
      const workers: Worker[] = [];
      const collect = (worker: Worker): unknown => workers.push(worker);
      process.on("worker", collect);
      const { compiled, weights } = embedding();
      await compiled.run(words(1, 2, 3, 4));
      process.off("worker", collect);
      const before = weights();
      if (dies) workers[1]!.postMessage(null);
      const running = compiled.run(words(1, 2, 3, dies ? 4 : 77)).catch((error: unknown) => error);
      // The ranks are asked for the run, and nothing that they answer is heard.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      const start = performance.now();
      compiled.dispose();
      expect(performance.now() - start).toBeLessThan(5000);
      expect(weights()).toEqual(before);
      expect(await running).toBeInstanceOf(lib.StateError);
    }
  });

  const refusal = async (
    body: (all: ReturnType<typeof training>, batch: Batch) => lib.Tensors,
    setting = mlp,
  ): Promise<string> => {
    const all = training(setting);
    const { model, optimizer } = all;
    const compiled = lib.compile((batch: Batch) => body(all, batch), {
      model,
      optimizer,
      ranks: 2,
      stepsPerRun: 1,
    });
    const error: unknown = await compiled.run(batches(mlp.shape, 1)).catch((reason) => reason);
    compiled.dispose();
    expect(error).toBeInstanceOf(lib.TracingError);
    return (error as Error).message;
  };

  test("refuse layers whose state follows from a part of the batch, and name the way out", async () => {
    const withNorm: Setting = {
      ...mlp,
      model: (random) =>
        new lib.Sequential(
          linear(12, 6, random),
          new lib.BatchNorm({ channels: 6 }),
          linear(6, 3, random),
        ),
    };
    const message = await refusal(({ step }, batch) => step(batch), withNorm);
    expect(message).toMatch(/same state, but runningMean \[6\] follows .* Compile without ranks/);
  });

  test("refuse a step without an update, with two that need each other, or with a result of odd shape", async () => {
    const withoutStep = await refusal(({ model }, { inputs }) => ({ out: model.forward(inputs) }));
    expect(withoutStep).toContain("ranks meet in optimizer.step()");
    const twice = await refusal(({ step }, batch) => {
      step(batch);
      return step(batch);
    });
    expect(twice).toContain("Compile each update as a step of its own");
    const odd = await refusal(({ step }, batch) => ({
      ...step(batch),
      odd: lib.matmul(batch.inputs, batch.inputs, { transposeB: true }),
    }));
    expect(odd).toMatch(/the result odd is \[8, 8\] for the whole batch and \[4, 4\] for a share/);
  });

  test("need workers, and a number that is one", () => {
    const { model, optimizer, step } = training(mlp);
    expect(() => lib.compile(step, { model, optimizer, ranks: 2, worker: false })).toThrow(
      "Leave one of them out",
    );
    expect(() => lib.compile(step, { model, optimizer, ranks: 0 })).toThrow(lib.ArgumentError);
  });
});
