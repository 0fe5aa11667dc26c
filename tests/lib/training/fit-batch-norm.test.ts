// fit with batch normalisation: its running statistics belong to the weights, and it cannot train on one example.
// Covers: lib/training/fit.ts
import { describe, expect, test } from "vitest";
import {
  Adam,
  BatchNorm,
  CrossEntropyLoss,
  Dataset,
  fit,
  Generator,
  Linear,
  MeanSquaredErrorLoss,
  randomNormal,
  ReLU,
  Sequential,
  SGD,
  tensor,
  type TrainingPlan,
  zeros,
} from "../../../lib/index.ts";

describe.each([
  ["op by op", false],
  ["compiled", true],
])("stopping early with batch normalisation, %s", (_, isCompiled) => {
  test("goes back to the running statistics of the best epoch too", async () => {
    const random = new Generator(1);
    const inputs = randomNormal(random, [64, 6]);
    const targets = tensor(
      Array.from({ length: 64 }, (__, index) => index % 2),
      { dtype: "int32" },
    );
    const data = new Dataset(inputs, targets);
    const validation = data.subset(Array.from({ length: 24 }, (__, index) => 40 + index));
    const model = new Sequential(
      new Linear({ inFeatures: 6, outFeatures: 32, random }),
      new BatchNorm({ channels: 32 }),
      new ReLU(),
      new Linear({ inFeatures: 32, outFeatures: 2, random }),
    );
    const loss = new CrossEntropyLoss();
    const history = await fit(model, {
      train: data.subset(40),
      validation,
      loss,
      optimizer: new Adam(model.parameters(), { learningRate: 0.05 }),
      epochs: 30,
      batchSize: 8,
      random,
      patience: 4,
      progress: false,
      compiled: isCompiled,
    });
    // Later epochs moved the statistics on, or this shows nothing.
    expect(history.bestEpoch!).toBeLessThan(history.epochs.length - 1);
    const ofBest = history.epochs[history.bestEpoch!]!.validationLoss!;
    // The same numbers in batches of 8, and at once.
    const now = loss.forward(model.eval().forward(validation.inputs), validation.targets).item();
    expect(now).toBeCloseTo(ofBest, 5);
  });
});

test("a last batch that batch normalisation cannot train on is left out when asked", async () => {
  const model = new Sequential(
    new BatchNorm({ channels: 2 }),
    new Linear({ inFeatures: 2, outFeatures: 1, random: new Generator(1) }),
  );
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
  const random = new Generator(2);
  // 13 batches of 3, and one example.
  const train = new Dataset(randomNormal(random, [40, 2]), zeros([40, 1]));
  const loss = new MeanSquaredErrorLoss();
  const options = {
    train,
    loss,
    optimizer,
    random,
    batchSize: 3,
    epochs: 2,
    progress: false,
  } as const;
  await expect(fit(model, options)).rejects.toThrow(
    "To train, use larger batches, and dropLast: true in fit or Dataset.batches where the last one is too small",
  );
  let plan: number | undefined;
  const progress = { begin: ({ stepsPerEpoch }: TrainingPlan) => void (plan = stepsPerEpoch) };
  const history = await fit(model, { ...options, dropLast: true, progress });
  expect([history.steps, plan]).toEqual([26, 13]);
});
