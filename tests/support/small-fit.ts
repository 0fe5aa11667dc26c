// The smallest training there is: a linear function, learned by a linear layer.
import {
  Dataset,
  type FitOptions,
  Generator,
  Linear,
  matmul,
  MeanSquaredErrorLoss,
  randomNormal,
  SGD,
  tensor,
} from "../../lib/index.ts";

const TRUE_WEIGHT = tensor([[2], [-3]]);

/** Inputs `[40, 2]` whose targets are a linear function of them. */
export function regression(seed: number): Dataset {
  const inputs = randomNormal(new Generator(seed), [40, 2]);
  return new Dataset(inputs, matmul(inputs, TRUE_WEIGHT));
}

/** A linear layer, and how to train it on a linear function: three steps an epoch. */
export function smallFit(options: Partial<FitOptions> = {}): {
  model: Linear;
  options: FitOptions;
} {
  const model = new Linear({ inFeatures: 2, outFeatures: 1, random: new Generator(1) });
  return {
    model,
    options: {
      train: regression(1),
      loss: new MeanSquaredErrorLoss(),
      optimizer: new SGD(model.parameters(), { learningRate: 0.1 }),
      epochs: 3,
      batchSize: 16,
      random: new Generator(2),
      progress: false,
      ...options,
    },
  };
}

/** The weight `[2, 1]` as nested arrays. */
export const weightOf = (model: Linear): unknown => model.weight.value.toArray();
