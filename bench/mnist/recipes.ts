// The trainings of the headline: all of MNIST, two models, from nothing to an accuracy. torch_mnist.py has the same.
import * as lib from "../../lib/index.ts";

/** A model, how it is trained, and what it must reach on the images that it has not seen. */
export interface Recipe {
  readonly title: string;
  readonly epochs: number;
  readonly batchSize: number;
  /** At the first step; it falls to 0 along half a cosine. */
  readonly learningRate: number;
  readonly target: number;
  /** Of one image. */
  readonly shape: readonly number[];
  readonly model: (random: lib.Generator) => lib.Layer;
}

/** Name of a recipe. */
export type RecipeName = "mlp" | "convnet";

const linear = (inFeatures: number, outFeatures: number, random: lib.Generator): lib.Layer =>
  new lib.Linear({ inFeatures, outFeatures, random });

const convolution = (
  inChannels: number,
  outChannels: number,
  random: lib.Generator,
): lib.Layer[] => [
  new lib.Conv2d({ inChannels, outChannels, kernelSize: 3, padding: 1, random }),
  new lib.ReLU(),
  new lib.MaxPool2d({ kernelSize: 2 }),
];

/** All recipes by name. */
export const RECIPES: Readonly<Record<RecipeName, Recipe>> = {
  mlp: {
    title: "MNIST, 784-256-128-10 with dropout, 12 epochs",
    epochs: 12,
    batchSize: 128,
    learningRate: 2e-3,
    target: 0.982,
    shape: [784],
    model: (random) =>
      new lib.Sequential(
        linear(784, 256, random),
        new lib.ReLU(),
        new lib.Dropout({ rate: 0.2, random }),
        linear(256, 128, random),
        new lib.ReLU(),
        new lib.Dropout({ rate: 0.2, random }),
        linear(128, 10, random),
      ),
  },
  convnet: {
    title: "MNIST, two convolutions of 16 and 32 channels, 6 epochs",
    epochs: 6,
    batchSize: 64,
    learningRate: 2e-3,
    target: 0.99,
    shape: [1, 28, 28],
    model: (random) =>
      new lib.Sequential(
        ...convolution(1, 16, random),
        ...convolution(16, 32, random),
        new lib.Flatten(),
        new lib.Dropout({ rate: 0.3, random }),
        linear(32 * 7 * 7, 10, random),
      ),
  },
};
