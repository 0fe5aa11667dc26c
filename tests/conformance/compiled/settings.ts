// Models of every kind, and of every layer in the catalogue: what is compiled and exported is tested with each.
import * as lib from "../../../lib/index.ts";
import { hashUniform } from "../../support/hash.ts";
import { inputOf, LAYERS as LAYER_CASES } from "../catalogue/layers.ts";
import { LOSSES as LOSS_CASES } from "../catalogue/losses.ts";
import { OPTIMIZERS as OPTIMIZER_CASES } from "../catalogue/optimizers.ts";

/** A model, and what it is trained with. */
export interface Setting {
  readonly name: string;
  /** Shape of one batch of inputs. */
  readonly shape: readonly number[];
  readonly model: (random: lib.Generator) => lib.Layer;
  /** Inputs of a shape; float32 in -1..1 unless given. */
  readonly inputs?: (shape: readonly number[], seed: number) => lib.Tensor;
  readonly loss?: () => lib.Loss;
  /** What the loss compares `[batch, classes]` with; classes unless given. */
  readonly targets?: (shape: readonly number[], seed: number) => lib.Tensor;
  readonly optimizer?: (parameters: lib.Parameter[]) => lib.Optimizer;
  /** What comes between backward and the optimizer's step. */
  readonly between?: (parameters: lib.Parameter[]) => void;
}

/** Outputs of every model. */
export const CLASSES = 3;

/** Inputs of a shape for a setting. */
export const inputsOf = ({ inputs }: Setting, shape: readonly number[], seed: number): lib.Tensor =>
  inputs?.(shape, seed) ?? lib.cast(hashUniform(shape, seed), "float32");

// A model that ends in logits, whatever the layer under test gives.
function withHead(layer: lib.Layer, shape: readonly number[], random: lib.Generator): lib.Layer {
  const features = layer
    .outputShape(shape)!
    .slice(1)
    .reduce((product, length) => product * length, 1);
  const head = new lib.Linear({ inFeatures: features, outFeatures: CLASSES, random });
  return new lib.Sequential(layer, new lib.Flatten(), head);
}

/** Every layer of the catalogue, with a linear layer behind it that gives logits. */
export const LAYERS: readonly Setting[] = LAYER_CASES.map((each): Setting => {
  const [shape] = each.shapes;
  return {
    name: each.name,
    shape,
    model: (random) => withHead(each.make(shape, random), shape, random),
    inputs: (ofShape, seed) => inputOf(each, ofShape, seed),
  };
});

/** A small MLP. */
export const plain = (random: lib.Generator): lib.Layer =>
  new lib.Sequential(
    new lib.Linear({ inFeatures: 5, outFeatures: 8, random }),
    new lib.Tanh(),
    new lib.Linear({ inFeatures: 8, outFeatures: CLASSES, random }),
  );

const conv = (inChannels: number, outChannels: number, random: lib.Generator): lib.Layer[] => [
  new lib.Conv2d({ inChannels, outChannels, kernelSize: 3, padding: 1, random }),
  new lib.BatchNorm({ channels: outChannels }),
  new lib.ReLU(),
];

/** Every loss of the catalogue, behind a model that gives such predictions. */
export const LOSSES: readonly Setting[] = LOSS_CASES.map(
  ({ name, make, targets, lastLayer }): Setting => ({
    name,
    shape: [4, 5],
    model: (random) => (lastLayer ? new lib.Sequential(plain(random), lastLayer()) : plain(random)),
    loss: make,
    targets,
  }),
);

/** Every optimizer of the catalogue, moving an MLP. */
export const OPTIMIZERS: readonly Setting[] = OPTIMIZER_CASES.map(({ name, make }): Setting => ({
  name,
  shape: [4, 5],
  model: plain,
  optimizer: make,
}));

/** Models of each kind. */
export const MODELS: Setting[] = [
  {
    name: "an MLP with dropout",
    shape: [8, 20],
    model: (random) =>
      new lib.Sequential(
        new lib.Linear({ inFeatures: 20, outFeatures: 16, random }),
        new lib.ReLU(),
        new lib.Dropout({ rate: 0.3, random }),
        new lib.Linear({ inFeatures: 16, outFeatures: CLASSES, random }),
      ),
  },
  {
    name: "LeNet",
    shape: [4, 1, 28, 28],
    model: (random) =>
      new lib.Sequential(
        new lib.Conv2d({ inChannels: 1, outChannels: 6, kernelSize: 5, padding: 2, random }),
        new lib.ReLU(),
        new lib.MaxPool2d({ kernelSize: 2 }),
        new lib.Conv2d({ inChannels: 6, outChannels: 16, kernelSize: 5, random }),
        new lib.ReLU(),
        new lib.MaxPool2d({ kernelSize: 2 }),
        new lib.Flatten(),
        new lib.Linear({ inFeatures: 400, outFeatures: CLASSES, random }),
      ),
  },
  {
    name: "a small VGG with batch norm",
    shape: [4, 3, 8, 8],
    model: (random) =>
      new lib.Sequential(
        ...conv(3, 8, random),
        ...conv(8, 16, random),
        new lib.MaxPool2d({ kernelSize: 2 }),
        new lib.GlobalAvgPool2d(),
        new lib.Linear({ inFeatures: 16, outFeatures: CLASSES, random }),
      ),
  },
  {
    // Channels and batch of whole blocks, and beside them ones that are not.
    name: "convolutions in blocks of channels",
    shape: [16, 3, 8, 8],
    model: (random) =>
      new lib.Sequential(
        ...conv(3, 16, random),
        ...conv(16, 32, random),
        new lib.MaxPool2d({ kernelSize: 2 }),
        new lib.Residual(new lib.Sequential(...conv(32, 32, random))),
        new lib.Conv2d({ inChannels: 32, outChannels: 16, kernelSize: 3, stride: 2, random }),
        new lib.Sigmoid(),
        new lib.GlobalAvgPool2d(),
        new lib.Linear({ inFeatures: 16, outFeatures: CLASSES, random }),
      ),
  },
  {
    name: "an LSTM classifier",
    shape: [4, 7, 3],
    model: (random) =>
      new lib.Sequential(
        new lib.LSTM({ inFeatures: 3, hiddenSize: 6, output: "last", random }),
        new lib.Linear({ inFeatures: 6, outFeatures: CLASSES, random }),
      ),
  },
  {
    name: "a transformer block",
    shape: [4, 6, 8],
    model: (random) =>
      withHead(
        new lib.Sequential(
          new lib.Residual(
            new lib.Sequential(
              new lib.LayerNorm({ features: 8 }),
              new lib.MultiHeadAttention({ features: 8, heads: 2, causal: true, random }),
              new lib.Dropout({ rate: 0.1, random }),
            ),
          ),
          new lib.Residual(
            new lib.Sequential(
              new lib.LayerNorm({ features: 8 }),
              new lib.FeedForward({ features: 8, random }),
            ),
          ),
        ),
        [4, 6, 8],
        random,
      ),
  },
];
