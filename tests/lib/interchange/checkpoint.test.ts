// Checkpoints: a training that goes on from a file takes the same steps as one that was never stopped, bit by bit.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  Adam,
  AdamW,
  ArgumentError,
  BatchNorm,
  cast,
  compile,
  CrossEntropyLoss,
  DataError,
  Dropout,
  Generator,
  Linear,
  loadCheckpoint,
  loadWeights,
  type Optimizer,
  type Parameter,
  ReLU,
  readSafetensors,
  saveCheckpoint,
  Sequential,
  SGD,
  stateDict,
  stepDecay,
  type Tensor,
  tensor,
  type Training,
  writeSafetensors,
} from "../../../lib/index.ts";
import { hashUniform } from "../../support/hash.ts";
import { folderOf } from "../../support/idx-files.ts";

const batch = {
  inputs: cast(hashUniform([6, 4], 1), "float32"),
  targets: tensor([0, 1, 2, 0, 1, 2], { dtype: "int32" }),
};

type MakeOptimizer = (parameters: readonly Parameter[]) => Optimizer;
const adam: MakeOptimizer = (parameters) => new Adam(parameters, { learningRate: 0.01 });

/** A model with chance and running statistics in it, and all that trains it. */
function trainingOf(makeOptimizer: MakeOptimizer = adam) {
  const random = new Generator(5);
  const first = new Generator(6);
  const model = new Sequential(
    new Linear({ inFeatures: 4, outFeatures: 8, random: first }),
    new BatchNorm({ channels: 8 }),
    new ReLU(),
    new Dropout({ rate: 0.5, random }),
    new Linear({ inFeatures: 8, outFeatures: 3, random: first }),
  );
  const optimizer = makeOptimizer(model.parameters());
  const loss = new CrossEntropyLoss();
  const step = ({ inputs, targets }: { inputs: Tensor; targets: Tensor }) => {
    const value = loss.forward(model.forward(inputs), targets);
    model.backward(loss.backward());
    optimizer.step();
    return { loss: value };
  };
  const train = (steps: number): number[] =>
    Array.from({ length: steps }, () => step(batch).loss.item());
  const compiled = () => {
    const program = compile(step, { model, optimizer, worker: false, stepsPerRun: 2 });
    onTestFinished(() => program.dispose());
    return async (steps: number): Promise<number[]> => {
      const losses = await program.run(Array.from({ length: steps }, () => batch));
      await program.sync();
      return [...losses.loss];
    };
  };
  return { model, optimizer, random, train, compiled };
}

const valuesOf = (model: Sequential): unknown[] =>
  [...stateDict(model).values()].map((x) => x.toArray());

const newPath = (): string => join(folderOf({}), "training.safetensors");

async function failure(action: Promise<void>): Promise<Error> {
  const error: unknown = await action.then(
    () => expect.fail("nothing was refused"),
    (reason: unknown) => reason,
  );
  return error as Error;
}

describe("a training that goes on from a file", () => {
  test.each<[string, MakeOptimizer]>([
    ["Adam", adam],
    ["AdamW", (parameters) => new AdamW(parameters)],
    ["SGD", (parameters) => new SGD(parameters, { learningRate: 0.1 })],
    [
      "SGD with momentum",
      (parameters) => new SGD(parameters, { learningRate: 0.1, momentum: 0.9, dampening: 0.5 }),
    ],
    [
      "a schedule",
      (parameters) => new Adam(parameters, { learningRate: stepDecay({ start: 0.1, every: 4 }) }),
    ],
  ])("takes the steps of one that was never stopped, with %s", async (_, makeOptimizer) => {
    const path = newPath();
    const whole = trainingOf(makeOptimizer);
    whole.train(3);
    await saveCheckpoint(whole, path);
    const losses = whole.train(3);
    const resumed = trainingOf(makeOptimizer);
    await loadCheckpoint(resumed, path);
    expect(resumed.train(3)).toEqual(losses);
    expect(valuesOf(resumed.model)).toEqual(valuesOf(whole.model));
    expect(resumed.optimizer.progress).toEqual(whole.optimizer.progress);
  });

  test("takes the same compiled steps, in a new program and in one that has run before", async () => {
    const path = newPath();
    const whole = trainingOf();
    const wholeSteps = whole.compiled();
    await wholeSteps(4);
    await saveCheckpoint(whole, path);
    const losses = await wholeSteps(4);
    const resumed = trainingOf();
    await loadCheckpoint(resumed, path);
    const resumedSteps = resumed.compiled();
    expect(await resumedSteps(4)).toEqual(losses);
    await loadCheckpoint(resumed, path);
    expect(await resumedSteps(4)).toEqual(losses);
    expect(valuesOf(resumed.model)).toEqual(valuesOf(whole.model));
  });

  test("knows how often each parameter was moved, where some were not always", async () => {
    const path = newPath();
    const whole = trainingOf();
    const [first] = whole.model.parameters();
    const partial = (training: ReturnType<typeof trainingOf>): void => {
      training.model
        .parameters()[0]!
        .accumulate(tensor(Array.from({ length: 4 }, () => Array<number>(8).fill(1))));
      training.optimizer.step();
    };
    partial(whole);
    whole.train(2);
    expect(whole.optimizer.progress.moves).toEqual([3, 2, 2, 2, 2, 2]);
    await saveCheckpoint(whole, path);
    const resumed = trainingOf();
    await loadCheckpoint(resumed, path);
    expect(resumed.optimizer.progress).toEqual(whole.optimizer.progress);
    for (const training of [whole, resumed]) {
      partial(training);
      training.train(1);
    }
    expect(resumed.model.parameters()[0]!.value.toArray()).toEqual(first!.value.toArray());
    expect(valuesOf(resumed.model)).toEqual(valuesOf(whole.model));
  });

  test("gives its weights alone to whoever loads weights", async () => {
    const path = newPath();
    const whole = trainingOf();
    whole.train(2);
    await saveCheckpoint(whole, path);
    const { model } = trainingOf();
    await loadWeights(model, path);
    expect(valuesOf(model)).toEqual(valuesOf(whole.model));
  });

  test("needs no generator where nothing is drawn", async () => {
    const path = newPath();
    const { model, optimizer } = trainingOf();
    await saveCheckpoint({ model, optimizer }, path);
    await loadCheckpoint({ model, optimizer }, path);
    expect(readSafetensors(readFileSync(path)).metadata["random"]).toBeUndefined();
  });
});

describe("a file that does not belong to the training", () => {
  const cases: [string, () => Partial<ReturnType<typeof trainingOf>>, string][] = [
    [
      "another optimizer",
      () => ({ optimizer: trainingOf((parameters) => new AdamW(parameters)).optimizer }),
      'expects the state of AdamW with 6 parameters, got that of "Adam"',
    ],
    [
      "other parameters",
      () => ({ optimizer: new Adam(trainingOf().model.parameters().slice(1)) }),
      "with 5 parameters, got that of",
    ],
    [
      "another generator",
      () => ({ random: new Generator(7) }),
      "expects a state of the generator with seed 7",
    ],
    ["another model", () => ({ model: new Sequential(new ReLU()) }), "0.weight is unexpected"],
  ];

  test.each(cases)("because of %s is refused, and nothing changes", async (_, differ, message) => {
    const path = newPath();
    const written = trainingOf();
    written.train(2);
    await saveCheckpoint(written, path);
    const target = { ...trainingOf(), ...differ() };
    const before = [target.optimizer.progress, target.random.state, valuesOf(target.model)];
    const error = await failure(loadCheckpoint(target, path));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain(`${path}: `);
    expect(error.message).toContain(message);
    expect([target.optimizer.progress, target.random.state, valuesOf(target.model)]).toEqual(
      before,
    );
  });

  test("because only one of them has a generator is refused", async () => {
    const path = newPath();
    const { model, optimizer, random } = trainingOf();
    await saveCheckpoint({ model, optimizer, random }, path);
    expect((await failure(loadCheckpoint({ model, optimizer }, path))).message).toContain(
      "Pass it: loadCheckpoint({ model, optimizer, random })",
    );
    await saveCheckpoint({ model, optimizer }, path);
    expect((await failure(loadCheckpoint({ model, optimizer, random }, path))).message).toContain(
      "got none. Leave random out",
    );
  });

  test.each([
    ["of weights alone", { format: "pt" }, 'got "pt". Read weights alone with loadWeights'],
    ["without metadata", {}, "got undefined. Read weights alone"],
    [
      "without the optimizer's entry",
      { format: "gradlab-checkpoint" },
      'expects the metadata entry "optimizer" in JSON',
    ],
    [
      "with null for it",
      { format: "gradlab-checkpoint", optimizer: "null" },
      "got that of undefined",
    ],
    [
      "with a negative count",
      {
        format: "gradlab-checkpoint",
        optimizer: '{"kind":"Adam","stepCount":-1,"learningRate":1,"moves":[0,0,0,0,0,0]}',
      },
      'got that of "Adam"',
    ],
    [
      "without moments",
      {
        format: "gradlab-checkpoint",
        optimizer: '{"kind":"Adam","stepCount":1,"learningRate":1,"moves":[0,0,0,0,0,0]}',
      },
      "got nothing. Make model and optimizer as they were",
    ],
  ])("because it is one %s is refused", async (_, metadata, message) => {
    const path = newPath();
    writeFileSync(path, writeSafetensors(new Map(), { metadata }));
    const error = await failure(loadCheckpoint(trainingOf(), path));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain(message);
  });

  test.each([
    [undefined, "model: undefined"],
    [{ model: trainingOf().model }, "optimizer: undefined"],
    [trainingOf().model, "model: undefined"],
    [{ ...trainingOf(), random: 5 }, "random: 5"],
  ])("because it is no training (%#) is an argument error", async (training, got) => {
    for (const action of [saveCheckpoint, loadCheckpoint]) {
      const error = await failure(action(training as unknown as Training, newPath()));
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error.message).toContain(
        `${action.name}: expects { model, optimizer } or { model, optimizer, random }, got ${got}. `,
      );
    }
  });

  test("because it is cut off or has another ending is refused", async () => {
    const path = newPath();
    await saveCheckpoint(trainingOf(), path);
    writeFileSync(path, readFileSync(path).subarray(0, -4));
    expect(await failure(loadCheckpoint(trainingOf(), path))).toBeInstanceOf(DataError);
    for (const action of [saveCheckpoint, loadCheckpoint]) {
      const error = await failure(action(trainingOf(), "training.npz"));
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error.message).toContain('.safetensors file, got "training.npz"');
    }
  });
});
