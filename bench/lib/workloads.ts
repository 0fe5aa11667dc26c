// The workloads in gradlab: models as a user writes them, with first weights from the hash. torch_worker.py has the same.
import * as lib from "../../lib/index.ts";
import { BATCH_COUNT, classes, uniform } from "./task-data.ts";

/** One batch. */
export interface Batch {
  readonly inputs: lib.Tensor;
  readonly targets: lib.Tensor;
  readonly [name: string]: lib.Tensor;
}

/** A training to measure. */
export interface Training {
  readonly model: lib.Layer;
  readonly optimizer: lib.Optimizer;
  readonly batches: readonly Batch[];
}

/** How a workload is made. */
export interface Recipe {
  readonly title: string;
  readonly model: (random: lib.Generator) => lib.Layer;
  readonly optimizer: (parameters: lib.Parameter[]) => lib.Optimizer;
  readonly inputs: (seed: number) => lib.Tensor;
  /** How many targets a batch has, and of how many classes. */
  readonly targets: readonly [count: number, numClasses: number];
}

const adam = (parameters: lib.Parameter[]): lib.Optimizer => new lib.Adam(parameters);

const numbers =
  (...shape: readonly number[]) =>
  (seed: number): lib.Tensor =>
    lib.fromTypedArray(
      uniform(
        shape.reduce((a, b) => a * b),
        1 + seed,
        1,
      ),
      shape,
    );

/** Joins batch and sequence, so that every position is an example for the loss. */
export class Positions extends lib.Layer {
  #shape: lib.Shape = [];

  forward(input: lib.Tensor): lib.Tensor {
    this.#shape = input.shape;
    return lib.reshape(input, [-1, input.shape.at(-1)!]);
  }

  backward(gradOutput: lib.Tensor): lib.Tensor {
    return lib.reshape(gradOutput, this.#shape);
  }
}

const linear = (inFeatures: number, outFeatures: number, random: lib.Generator): lib.Layer =>
  new lib.Linear({ inFeatures, outFeatures, random });

const block = (inChannels: number, outChannels: number, random: lib.Generator): lib.Layer[] => [
  new lib.Conv2d({ inChannels, outChannels, kernelSize: 3, padding: 1, random }),
  new lib.BatchNorm({ channels: outChannels }),
  new lib.ReLU(),
];

/** Name of a workload. */
export type WorkloadName = "mlp" | "lenet" | "lstm" | "convnet" | "transformer";

/** All workloads by name. */
export const RECIPES: Readonly<Record<WorkloadName, Recipe>> = {
  mlp: {
    title: "MLP 784-256-128-10, batch 128, Adam",
    model: (random) =>
      new lib.Sequential(
        linear(784, 256, random),
        new lib.ReLU(),
        linear(256, 128, random),
        new lib.ReLU(),
        linear(128, 10, random),
      ),
    optimizer: adam,
    inputs: numbers(128, 784),
    targets: [128, 10],
  },
  lenet: {
    title: "LeNet, 28 x 28, batch 64, momentum",
    model: (random) =>
      new lib.Sequential(
        new lib.Conv2d({ inChannels: 1, outChannels: 6, kernelSize: 5, padding: 2, random }),
        new lib.ReLU(),
        new lib.MaxPool2d({ kernelSize: 2 }),
        new lib.Conv2d({ inChannels: 6, outChannels: 16, kernelSize: 5, random }),
        new lib.ReLU(),
        new lib.MaxPool2d({ kernelSize: 2 }),
        new lib.Flatten(),
        linear(400, 120, random),
        new lib.ReLU(),
        linear(120, 84, random),
        new lib.ReLU(),
        linear(84, 10, random),
      ),
    optimizer: (parameters) => new lib.SGD(parameters, { learningRate: 0.01, momentum: 0.9 }),
    inputs: numbers(64, 1, 28, 28),
    targets: [64, 10],
  },
  lstm: {
    title: "LSTM 64-128, 50 steps, batch 32, Adam",
    model: (random) =>
      new lib.Sequential(
        new lib.Embedding({ vocabularySize: 64, features: 64, random }),
        new lib.LSTM({ inFeatures: 64, hiddenSize: 128, random }),
        new Positions(),
        linear(128, 64, random),
      ),
    optimizer: adam,
    inputs: (seed) => lib.fromTypedArray(classes(32 * 50, 1 + seed, 64), [32, 50]),
    targets: [32 * 50, 64],
  },
  convnet: {
    title: "conv net with batch norm, 3 x 32 x 32, batch 32, Adam",
    model: (random) =>
      new lib.Sequential(
        ...block(3, 32, random),
        ...block(32, 32, random),
        new lib.MaxPool2d({ kernelSize: 2 }),
        ...block(32, 64, random),
        ...block(64, 64, random),
        new lib.GlobalAvgPool2d(),
        linear(64, 10, random),
      ),
    optimizer: adam,
    inputs: numbers(32, 3, 32, 32),
    targets: [32, 10],
  },
  transformer: {
    title: "causal transformer block 128, 64 positions, batch 16, AdamW",
    model: (random) =>
      new lib.Sequential(
        new lib.Residual(
          new lib.Sequential(
            new lib.LayerNorm({ features: 128 }),
            new lib.MultiHeadAttention({ features: 128, heads: 4, causal: true, random }),
          ),
        ),
        new lib.Residual(
          new lib.Sequential(
            new lib.LayerNorm({ features: 128 }),
            new lib.FeedForward({ features: 128, random }),
          ),
        ),
        new Positions(),
        linear(128, 64, random),
      ),
    optimizer: (parameters) => new lib.AdamW(parameters),
    inputs: numbers(16, 64, 128),
    targets: [16 * 64, 64],
  },
};

/** A training from its start. */
export function makeTraining(name: WorkloadName): Training {
  const recipe = RECIPES[name];
  const model = recipe.model(new lib.Generator(1));
  for (const [index, parameter] of model.parameters().entries()) setFirst(parameter, index);
  const [count, numClasses] = recipe.targets;
  const batches = Array.from({ length: BATCH_COUNT }, (_, seed) => ({
    inputs: recipe.inputs(seed),
    targets: lib.fromTypedArray(classes(count, 51 + seed, numClasses), [count]),
  }));
  return { model, optimizer: recipe.optimizer(model.parameters()), batches };
}

// Matrices uniform in +-1/sqrt(fanIn) by the hash; scales of normalisations stay 1, biases start at 0.
function setFirst(parameter: lib.Parameter, index: number): void {
  const { shape, size } = parameter.value;
  if (shape.length === 1) {
    if (parameter.name === "bias") parameter.value = lib.zeros(shape);
    return;
  }
  const fanIn = shape.length === 2 ? shape[0]! : size / shape[0]!;
  const values = uniform(size, 1000 + index, 1 / Math.sqrt(fanIn));
  parameter.value = lib.fromTypedArray(values, shape);
}
