// Compiled equals eager: every layer, loss and optimizer, and models of each kind, from one list.
// Covers: lib/compile/*.ts, lib/backends/onnx/recorder.ts, lib/ops/host.ts
import { describe, expect, test } from "vitest";
import * as lib from "../../lib/index.ts";
import { hashClasses, hashUniform } from "../support/hash.ts";
import { CLASSES, LAYERS, MODELS, plain, type Setting } from "./compiled/settings.ts";

const optimizerSetting = (
  name: string,
  optimizer: (parameters: lib.Parameter[]) => lib.Optimizer,
): Setting => ({ name, shape: [4, 5], model: plain, optimizer });

const OPTIMIZERS: Setting[] = [
  optimizerSetting("SGD", (parameters) => new lib.SGD(parameters, { learningRate: 0.1 })),
  optimizerSetting(
    "SGD with dampened momentum",
    (parameters) => new lib.SGD(parameters, { learningRate: 0.1, momentum: 0.9, dampening: 0.3 }),
  ),
  optimizerSetting(
    "SGD with Nesterov momentum and weight decay",
    (parameters) =>
      new lib.SGD(parameters, {
        learningRate: 0.1,
        momentum: 0.9,
        nesterov: true,
        weightDecay: 0.01,
      }),
  ),
  optimizerSetting("Adam", (parameters) => new lib.Adam(parameters, { learningRate: 0.01 })),
  optimizerSetting("AdamW", (parameters) => new lib.AdamW(parameters, { learningRate: 0.01 })),
  optimizerSetting(
    "AdamW with a schedule",
    (parameters) =>
      new lib.AdamW(parameters, {
        learningRate: lib.warmUp(lib.cosineDecay({ start: 0.05, steps: 5 }), 3),
      }),
  ),
  {
    ...optimizerSetting("clipping by norm", (parameters) => new lib.Adam(parameters)),
    between: (parameters) => {
      lib.clipByNorm(parameters, 0.1);
    },
  },
  {
    ...optimizerSetting("clipping by value", (parameters) => new lib.Adam(parameters)),
    between: (parameters) => lib.clipByValue(parameters, 0.01),
  },
];

interface Training {
  readonly model: lib.Layer;
  readonly optimizer: lib.Optimizer;
  readonly step: (batch: { inputs: lib.Tensor; targets: lib.Tensor }) => { loss: lib.Tensor };
}

// The same first weights and the same chance each time.
function training({ model: make, loss: makeLoss, optimizer, between }: Setting): Training {
  const model = make(new lib.Generator(5));
  const loss = makeLoss ? makeLoss() : new lib.CrossEntropyLoss();
  const parameters = model.parameters();
  const moved = optimizer ? optimizer(parameters) : new lib.SGD(parameters, { learningRate: 0.1 });
  const step: Training["step"] = ({ inputs, targets }) => {
    const value = loss.forward(model.forward(inputs), targets);
    model.backward(loss.backward());
    between?.(parameters);
    moved.step();
    return { loss: value };
  };
  return { model, optimizer: moved, step };
}

function batches(
  { shape, loss }: Setting,
  count: number,
): { inputs: lib.Tensor; targets: lib.Tensor }[] {
  return Array.from({ length: count }, (_, index) => ({
    inputs: lib.cast(hashUniform(shape, 10 + index), "float32"),
    targets: loss
      ? lib.cast(hashUniform([shape[0]!, CLASSES], 50 + index), "float32")
      : hashClasses(shape[0]!, 50 + index, CLASSES),
  }));
}

const numbersOf = (model: lib.Layer): number[] =>
  [...model.parameters(), ...model.states()].flatMap(({ value }) =>
    Array.from(value.toTypedArray()),
  );

const largest = (numbers: readonly number[]): number => Math.max(...numbers.map(Math.abs));

describe.each([...LAYERS, ...OPTIMIZERS, ...MODELS])("$name, compiled", (setting) => {
  test("moves every weight and state as the eager step does, and gives the same losses", async () => {
    const [eager, compiled] = [training(setting), training(setting)];
    const start = numbersOf(eager.model);
    const data = batches(setting, 5);
    const losses = data.map((batch) => eager.step(batch).loss.item());
    // Two runs of two steps, and one that is left over.
    const step = lib.compile(compiled.step, { ...compiled, stepsPerRun: 2, threads: 1 });
    const results = await step.run(data);
    await step.sync();
    step.dispose();
    for (const [index, loss] of losses.entries()) {
      expect(Math.abs(results.loss[index]! - loss)).toBeLessThan(
        1e-4 * Math.max(1, Math.abs(loss)),
      );
    }
    const [expected, actual] = [numbersOf(eager.model), numbersOf(compiled.model)];
    const update = largest(expected.map((value, index) => value - start[index]!));
    const distance = largest(expected.map((value, index) => value - actual[index]!));
    expect(update).toBeGreaterThan(1e-4);
    expect(distance).toBeLessThan(1e-5 + 2e-3 * update);
    expect(compiled.optimizer.stepCount).toBe(5);
  });

  test("passes its own verification, step by step", async () => {
    const parts = training(setting);
    const step = lib.compile(parts.step, { ...parts, verify: 3, threads: 1, worker: false });
    expect((await step.run(batches(setting, 3))).loss.length).toBe(3);
    step.dispose();
  });
});

test("every layer that the library exports is in the list", () => {
  const exported = Object.entries(lib).filter(
    ([, value]) => typeof value === "function" && value.prototype instanceof lib.Layer,
  );
  const covered = new Set(
    [...LAYERS, ...OPTIMIZERS, ...MODELS].flatMap(({ model }) =>
      model(new lib.Generator(1))
        .layers()
        .map((layer) => layer.constructor),
    ),
  );
  // Embedding looks up words, which are no floats: its own test is below. A model of a file runs in a session already.
  const others = ["Embedding", "OnnxModel"];
  const missing = exported.filter(
    ([name, value]) => !others.includes(name) && !covered.has(value as never),
  );
  expect(missing.map(([name]) => name)).toEqual([]);
});

test("an embedding learns compiled as it does eagerly, repeated words included", async () => {
  const make = (): Training => {
    const random = new lib.Generator(2);
    return training({
      name: "embedding",
      shape: [4, 5],
      model: () =>
        new lib.Sequential(
          new lib.Embedding({ vocabularySize: 6, features: 3, random }),
          new lib.Flatten(),
          new lib.Linear({ inFeatures: 15, outFeatures: CLASSES, random }),
        ),
    });
  };
  const words = lib.reshape(hashClasses(20, 1, 6), [4, 5]);
  const batch = { inputs: words, targets: hashClasses(4, 2, CLASSES) };
  const [eager, compiled] = [make(), make()];
  eager.step(batch);
  const step = lib.compile(compiled.step, { ...compiled, stepsPerRun: 1 });
  await step.run(batch);
  await step.sync();
  const [expected, actual] = [numbersOf(eager.model), numbersOf(compiled.model)];
  expect(largest(expected.map((value, index) => value - actual[index]!))).toBeLessThan(1e-6);
});

// `fit` and `compile` choose the steps of a run by the clock: that must not be seen in the numbers.
test.each(MODELS)("$name has the same bits however many steps make a run", async (setting) => {
  const data = batches(setting, 8);
  const afterRunsOf = async (stepsPerRun: number): Promise<number[]> => {
    const compiled = training(setting);
    const step = lib.compile(compiled.step, { ...compiled, stepsPerRun, threads: 1 });
    const { loss } = await step.run(data);
    await step.sync();
    step.dispose();
    return [...loss, ...numbersOf(compiled.model)];
  };
  const oneByOne = await afterRunsOf(1);
  expect(await afterRunsOf(3)).toEqual(oneByOne);
  expect(await afterRunsOf(8)).toEqual(oneByOne);
});
