// Compiled equals eager: every layer, loss and optimizer, and models of each kind, from one list.
// Covers: lib/compile/*.ts, lib/backends/onnx/recorder.ts, lib/ops/host.ts
import { describe, expect, test } from "vitest";
import * as lib from "../../lib/index.ts";
import { hashClasses, hashUniform } from "../support/hash.ts";

interface Setting {
  readonly name: string;
  /** Shape of one batch of inputs. */
  readonly shape: readonly number[];
  readonly model: (random: lib.Generator) => lib.Layer;
  readonly loss?: () => lib.Loss;
  readonly optimizer?: (parameters: lib.Parameter[]) => lib.Optimizer;
  /** What comes between backward and the optimizer's step. */
  readonly between?: (parameters: lib.Parameter[]) => void;
}

const CLASSES = 3;

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

const LAYERS: Setting[] = [
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

const plain = (random: lib.Generator): lib.Layer =>
  new lib.Sequential(
    new lib.Linear({ inFeatures: 5, outFeatures: 8, random }),
    new lib.Tanh(),
    new lib.Linear({ inFeatures: 8, outFeatures: CLASSES, random }),
  );

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

const conv = (inChannels: number, outChannels: number, random: lib.Generator): lib.Layer[] => [
  new lib.Conv2d({ inChannels, outChannels, kernelSize: 3, padding: 1, random }),
  new lib.BatchNorm({ channels: outChannels }),
  new lib.ReLU(),
];

const MODELS: Setting[] = [
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
  // Embedding looks up words, which are no floats: its own test is below.
  const missing = exported.filter(
    ([name, value]) => name !== "Embedding" && !covered.has(value as never),
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
