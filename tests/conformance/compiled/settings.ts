// One list of layers and of models: what is compiled and what is exported is tested with each of them.
import * as lib from "../../../lib/index.ts";

/** A model, and what it is trained with. */
export interface Setting {
  readonly name: string;
  /** Shape of one batch of inputs. */
  readonly shape: readonly number[];
  readonly model: (random: lib.Generator) => lib.Layer;
  readonly loss?: () => lib.Loss;
  readonly optimizer?: (parameters: lib.Parameter[]) => lib.Optimizer;
  /** What comes between backward and the optimizer's step. */
  readonly between?: (parameters: lib.Parameter[]) => void;
}

/** Outputs of every model. */
export const CLASSES = 3;

// A model that ends in logits, whatever the layer under test gives.
function withHead(layer: lib.Layer, shape: readonly number[], random: lib.Generator): lib.Layer {
  const features = layer
    .outputShape(shape)!
    .slice(1)
    .reduce((product, length) => product * length, 1);
  const head = new lib.Linear({ inFeatures: features, outFeatures: CLASSES, random });
  return new lib.Sequential(layer, new lib.Flatten(), head);
}

const layerSetting = (
  name: string,
  shape: readonly number[],
  make: (random: lib.Generator) => lib.Layer,
): Setting => ({ name, shape, model: (random) => withHead(make(random), shape, random) });

const IMAGES = [4, 2, 6, 6];
const SEQUENCES = [4, 5, 4];

/** Every layer, with a linear layer behind it that gives logits. */
export const LAYERS: Setting[] = [
  layerSetting(
    "Linear",
    [4, 5],
    (random) => new lib.Linear({ inFeatures: 5, outFeatures: 4, random }),
  ),
  layerSetting("ReLU", [4, 5], () => new lib.ReLU()),
  layerSetting("LeakyReLU", [4, 5], () => new lib.LeakyReLU()),
  layerSetting("Sigmoid", [4, 5], () => new lib.Sigmoid()),
  layerSetting("Tanh", [4, 5], () => new lib.Tanh()),
  layerSetting("GELU", [4, 5], () => new lib.GELU()),
  layerSetting("Softmax", [4, 5], () => new lib.Softmax()),
  layerSetting("Dropout", [4, 50], (random) => new lib.Dropout({ rate: 0.4, random })),
  layerSetting("LayerNorm", [4, 5], () => new lib.LayerNorm({ features: 5 })),
  layerSetting("BatchNorm", IMAGES, () => new lib.BatchNorm({ channels: 2 })),
  layerSetting(
    "Conv2d",
    IMAGES,
    (random) =>
      new lib.Conv2d({ inChannels: 2, outChannels: 3, kernelSize: 3, padding: 1, random }),
  ),
  layerSetting(
    "Conv2d (stride, dilation, groups)",
    IMAGES,
    (random) =>
      new lib.Conv2d({
        inChannels: 2,
        outChannels: 4,
        kernelSize: [2, 3],
        stride: [2, 1],
        padding: [0, 1],
        dilation: [2, 1],
        groups: 2,
        random,
      }),
  ),
  layerSetting(
    "ConvTranspose2d",
    IMAGES,
    (random) =>
      new lib.ConvTranspose2d({ inChannels: 2, outChannels: 2, kernelSize: 3, stride: 2, random }),
  ),
  layerSetting(
    "MaxPool2d",
    IMAGES,
    () => new lib.MaxPool2d({ kernelSize: 3, stride: 2, padding: 1 }),
  ),
  layerSetting("AvgPool2d", IMAGES, () => new lib.AvgPool2d({ kernelSize: 2 })),
  layerSetting("GlobalAvgPool2d", IMAGES, () => new lib.GlobalAvgPool2d()),
  layerSetting("GlobalMaxPool2d", IMAGES, () => new lib.GlobalMaxPool2d()),
  layerSetting(
    "LSTM",
    SEQUENCES,
    (random) => new lib.LSTM({ inFeatures: 4, hiddenSize: 3, random }),
  ),
  layerSetting(
    "MultiHeadAttention",
    SEQUENCES,
    (random) => new lib.MultiHeadAttention({ features: 4, heads: 2, causal: true, random }),
  ),
  layerSetting(
    "Residual",
    SEQUENCES,
    (random) => new lib.Residual(new lib.FeedForward({ features: 4, random })),
  ),
];

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
  {
    name: "a regression by mean squared error",
    shape: [4, 5],
    model: plain,
    loss: () => new lib.MeanSquaredErrorLoss(),
  },
  {
    name: "binary cross-entropy",
    shape: [4, 5],
    model: plain,
    loss: () => new lib.BinaryCrossEntropyLoss(),
  },
];
