// fit: it learns, repeats itself exactly, measures, stops early with the best weights, and can be interrupted.
import { setImmediate } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  Adam,
  ArgumentError,
  CrossEntropyLoss,
  Dataset,
  Dropout,
  fit,
  type FitOptions,
  Generator,
  Linear,
  loadMnist,
  ReLU,
  Sequential,
  SGD,
  tensor,
  type Tensor,
  TrainingInterrupted,
} from "../../../lib/index.ts";
import { kernelWithFlag } from "../../support/kernel-flag.ts";
import { regression, smallFit as setup, weightOf } from "../../support/small-fit.ts";

describe("training", () => {
  test("finds the weights of a linear function", async () => {
    const { model, options } = setup({ epochs: 30 });
    const history = await fit(model, options);
    expect(history.epochs.at(-1)!.loss).toBeLessThan(1e-3);
    expect((weightOf(model) as number[][])[0]![0]).toBeCloseTo(2, 1);
    expect(history.steps).toBe(90);
    expect(history.stopped).toBeUndefined();
  });

  test("recognises digits that it has not seen", async () => {
    const mnist = await loadMnist();
    const random = new Generator(7);
    const model = new Sequential(
      new Linear({ inFeatures: 784, outFeatures: 32, random }),
      new ReLU(),
      new Dropout({ rate: 0.1, random }),
      new Linear({ inFeatures: 32, outFeatures: 10, random }),
    );
    const history = await fit(model, {
      train: mnist.train.subset(2000),
      validation: mnist.test.subset(500),
      loss: new CrossEntropyLoss(),
      optimizer: new Adam(model.parameters(), { learningRate: 3e-3 }),
      epochs: 4,
      batchSize: 50,
      random,
      progress: false,
    });
    const [first, last] = [history.epochs[0]!, history.epochs.at(-1)!];
    expect(last.loss).toBeLessThan(first.loss / 2);
    expect(last.accuracy).toBeGreaterThan(0.9);
    // Chance is 0.1; a linear model on so few digits reaches about 0.85.
    expect(last.validationAccuracy).toBeGreaterThan(0.83);
  });

  test("repeats itself bit for bit with the same seeds", async () => {
    const [one, two] = [setup(), setup()];
    const results = [await fit(one.model, one.options), await fit(two.model, two.options)];
    const losses = results.map(({ epochs }) => epochs.map(({ loss }) => loss));
    expect(losses[0]).toEqual(losses[1]);
    expect(weightOf(one.model)).toEqual(weightOf(two.model));
  });

  test("does not depend on what else was drawn from the generator", async () => {
    const [one, two] = [setup(), setup()];
    two.options.random.permutation(5);
    await fit(one.model, one.options);
    await fit(two.model, two.options);
    expect(weightOf(two.model)).toEqual(weightOf(one.model));
  });

  test("takes steps in training mode and measures in evaluation mode", async () => {
    const modes: boolean[] = [];
    class Watched extends Linear {
      override forward(input: Tensor): Tensor {
        modes.push(this.training);
        return super.forward(input);
      }
    }
    const model = new Watched({ inFeatures: 2, outFeatures: 1, random: new Generator(1) }).eval();
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const { options } = setup({ optimizer, epochs: 2, validation: regression(5), batchSize: 20 });
    await fit(model, options);
    expect(modes).toEqual([true, true, false, false, true, true, false, false]);
  });

  test("tells of every step and epoch, in order", async () => {
    const events: string[] = [];
    const { model, options } = setup({
      epochs: 2,
      validation: regression(5),
      onStep: ({ epoch, step, stepsPerEpoch }) => events.push(`${epoch} ${step}/${stepsPerEpoch}`),
      onEpoch: (_, index) => events.push(`epoch ${index}`),
      progress: {
        begin: (plan) => events.push(JSON.stringify(plan)),
        end: () => events.push("end"),
      },
    });
    await fit(model, options);
    expect(events).toEqual([
      '{"epochs":2,"stepsPerEpoch":3,"hasValidation":true}',
      "0 0/3",
      "0 1/3",
      "0 2/3",
      "epoch 0",
      "1 0/3",
      "1 1/3",
      "1 2/3",
      "epoch 1",
      "end",
    ]);
  });

  test("measures accuracy only where targets are classes, and puts modes back", async () => {
    const { model, options } = setup({ validation: regression(5) });
    model.eval();
    const { epochs } = await fit(model, options);
    expect(Object.keys(epochs[0]!).sort()).toEqual(["loss", "seconds", "validationLoss"]);
    expect(model.training).toBe(false);
  });

  test("lets other work run while it goes on", async () => {
    const { model, options } = setup({ epochs: 2000 });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    onTestFinished(() => clearInterval(timer));
    await fit(model, options);
    expect(turns).toBeGreaterThan(0);
  });
});

describe("what a caller does after an epoch", () => {
  test.each([false, true])("is waited for before the next one (compiled: %s)", async (compiled) => {
    const events: string[] = [];
    const { model, options } = setup({
      epochs: 2,
      compiled,
      onEpoch: async (_, index) => {
        events.push(`saving ${index}`);
        await setImmediate();
        events.push(`saved ${index}`);
      },
    });
    await fit(model, { ...options, progress: { end: () => events.push("end") } });
    expect(events).toEqual(["saving 0", "saved 0", "saving 1", "saved 1", "end"]);
  });

  test("ends the training where it fails", async () => {
    const { model, options } = setup();
    const full = new ArgumentError("the disk is full");
    const onEpoch = (): Promise<never> => Promise.reject(full);
    await expect(fit(model, { ...options, onEpoch })).rejects.toBe(full);
  });
});

describe("early stopping", () => {
  test("stops when validation no longer improves, and goes back to the best weights", async () => {
    const { model, options } = setup({ epochs: 50, validation: regression(5), patience: 2 });
    const weights: unknown[] = [];
    const history = await fit(model, {
      ...options,
      onEpoch(_, index) {
        weights.push(weightOf(model));
        // From here on every step leads away.
        if (index === 3) options.optimizer.learningRate = 3;
      },
    });
    expect(history.stopped).toBe("early");
    expect(history.bestEpoch).toBe(3);
    expect(history.epochs).toHaveLength(6);
    expect(weightOf(model)).toEqual(weights[3]);
  });
});

describe("an interrupt", () => {
  test("ends the training between two steps, with a whole model and its history", async () => {
    const flag = kernelWithFlag();
    let ended = 0;
    const afterSteps: unknown[] = [];
    const { model, options } = setup();
    const training = fit(model, {
      ...options,
      progress: { end: () => ended++ },
      onStep({ epoch, step }) {
        afterSteps.push(weightOf(model));
        if (epoch === 1 && step === 0) Atomics.store(flag, 0, 1);
      },
    });
    const error = await training.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(TrainingInterrupted);
    const { history, message, name } = error as TrainingInterrupted;
    expect(name).toBe("KeyboardInterrupt");
    expect([history.epochs.length, history.steps, history.stopped]).toEqual([1, 4, "interrupt"]);
    expect(message).toContain("call fit again to go on");
    expect(weightOf(model)).toEqual(afterSteps.at(-1));
    expect(model.parameters().every(({ gradient }) => gradient === undefined)).toBe(true);
    expect([model.training, ended]).toEqual([true, 1]);
  });
});

describe("options that make no sense", () => {
  test.each([
    [{ epochs: 0 }, "epochs must be a whole number from 1 on; got 0"],
    [{ batchSize: 1.5 }, "batchSize must be a whole number"],
    [{ batchSize: 50, dropLast: true }, "at least one whole batch of 50; got 40 examples"],
    [{ patience: 2 }, "expects validation data; got none. Split some off"],
  ])("%j are refused", async (wrong, message) => {
    const { model, options } = setup(wrong);
    await expect(fit(model, options)).rejects.toThrow(ArgumentError);
    await expect(fit(model, options)).rejects.toThrow(message);
  });

  test("what is left out is named", async () => {
    const { model, options } = setup();
    const rest = Object.fromEntries(Object.entries(options).filter(([key]) => key !== "random"));
    for (const given of [undefined, rest])
      await expect(fit(model, given as unknown as FitOptions)).rejects.toThrow(ArgumentError);
    await expect(fit(model, rest as unknown as FitOptions)).rejects.toThrow(
      "fit: expects random among its options, got undefined. Pass fit(model, { train, loss,",
    );
  });

  test("a model whose loss meets wrong targets says so, and progress ends", async () => {
    let ended = 0;
    const inputs: Tensor = tensor([[1, 2]]);
    const { model, options } = setup({
      train: new Dataset(inputs, tensor([1], { dtype: "int32" })),
      progress: { end: () => ended++ },
    });
    await expect(fit(model, options)).rejects.toThrow("targets must have the shape [1, 1]");
    expect(ended).toBe(1);
  });
});
