// Convolution, pooling, normalisation and sequence layers against PyTorch's outputs and gradients, in float64.
// Covers: lib/layers/*.ts
import { describe, test } from "vitest";
import {
  arange,
  AvgPool2d,
  BatchNorm,
  cast,
  Conv2d,
  ConvTranspose2d,
  Embedding,
  GELU,
  Generator,
  greater,
  type Layer,
  LayerNorm,
  LSTM,
  MaxPool2d,
  MultiHeadAttention,
  reshape,
  tensor,
  type Tensor,
  UpsampleNearest2d,
} from "../../lib/index.ts";
import { expectClose } from "../support/expect-close.ts";
import { goldenCases } from "../support/golden.ts";
import { hashClasses, hashUniform } from "../support/hash.ts";

// Both programs compute in float64, but add in other orders.
const TOLERANCE = 1e-13;

interface Golden {
  readonly shape: number[];
  readonly output: number[];
  readonly gradInput: number[];
  readonly gradients: number[][];
}

const random = new Generator(3);

// The layer's parameters as the scripts set them: hashed numbers from seed 3 on, in order.
function withHashedParameters<Room extends Layer>(layer: Room): Room {
  for (const [index, parameter] of layer.parameters().entries()) {
    parameter.value = hashUniform(parameter.value.shape, 3 + index);
  }
  return layer;
}

function expectGradients(layer: Layer, gradients: readonly number[][]): void {
  for (const [index, { value, gradient }] of layer.parameters().entries()) {
    expectClose(gradient!, { shape: value.shape, data: gradients[index]! }, TOLERANCE);
  }
}

// Forward and backward as the scripts run them.
function expectGolden(layer: Layer, input: Tensor, golden: Golden): void {
  const output = layer.forward(input);
  const gradInput = layer.backward(hashUniform(output.shape, 2));
  expectClose(output, { shape: output.shape, data: golden.output }, TOLERANCE);
  expectClose(gradInput, { shape: input.shape, data: golden.gradInput }, TOLERANCE);
  expectGradients(layer, golden.gradients);
}

const ALL = { stride: [2, 1], padding: [1, 2], dilation: [2, 1], groups: 2 } as const;
const POOL = { kernelSize: 3, stride: 2, padding: 1 } as const;
const SPREAD = {
  stride: [2, 3],
  padding: [1, 0],
  outputPadding: [1, 2],
  dilation: [2, 1],
  groups: 2,
} as const;

const WINDOWS: Record<string, () => Layer> = {
  "conv2d plain": () => new Conv2d({ inChannels: 2, outChannels: 3, kernelSize: 3, random }),
  "conv2d one pixel": () => new Conv2d({ inChannels: 1, outChannels: 1, kernelSize: 1, random }),
  "conv2d all": () =>
    new Conv2d({ inChannels: 4, outChannels: 2, kernelSize: [2, 3], ...ALL, random }),
  "convTranspose2d plain": () =>
    new ConvTranspose2d({ inChannels: 2, outChannels: 3, kernelSize: 3, random }),
  "convTranspose2d all": () =>
    new ConvTranspose2d({ inChannels: 4, outChannels: 2, kernelSize: [2, 3], ...SPREAD, random }),
  maxPool2d: () => new MaxPool2d(POOL),
  "maxPool2d dilated": () => new MaxPool2d({ kernelSize: 2, stride: 1, dilation: 2 }),
  avgPool2d: () => new AvgPool2d(POOL),
  upsampleNearest: () => new UpsampleNearest2d({ scale: 3 }),
  "avgPool2d inside": () => new AvgPool2d({ ...POOL, countIncludePad: false }),
};

describe("convolution and pooling", () => {
  test.each(goldenCases<Golden>("convolution"))("%s", (name, golden) => {
    const layer = withHashedParameters(WINDOWS[name]!());
    expectGolden(layer, hashUniform(golden.shape, 1), golden);
  });
});

interface GoldenNorm extends Omit<Golden, "gradients"> {
  readonly gradWeight: number[];
  readonly gradBias: number[];
  readonly runningMean?: number[];
  readonly runningVariance?: number[];
  readonly evaluation?: GoldenNorm;
}

describe("normalisation", () => {
  test.each(goldenCases<GoldenNorm>("normalisation"))("%s", (name, golden) => {
    const layer = withHashedParameters(normalisation(name, golden.shape));
    const input = (seed: number): Tensor => hashUniform(golden.shape, seed, -3, 5);
    const gradients = [golden.gradWeight, golden.gradBias];
    expectGolden(layer, input(1), { ...golden, gradients });
    if (!(layer instanceof BatchNorm)) return;
    layer.forward(input(5));
    const running = [golden.runningMean!, golden.runningVariance!];
    for (const [index, { value }] of layer.states().entries()) {
      expectClose(value, { shape: value.shape, data: running[index]! }, TOLERANCE);
    }
    for (const parameter of layer.parameters()) parameter.gradient = undefined;
    const { evaluation } = golden;
    expectGolden(layer.eval(), input(1), {
      ...evaluation!,
      shape: golden.shape,
      gradients: [evaluation!.gradWeight, evaluation!.gradBias],
    });
  });
});

function normalisation(name: string, shape: readonly number[]): Layer {
  if (name.startsWith("layerNorm")) return new LayerNorm({ features: shape.at(-1)! });
  const options = name.endsWith("momentum") ? { epsilon: 1e-3, momentum: 0.3 } : {};
  const layer = new BatchNorm({ channels: shape[1]!, ...options });
  for (const state of layer.states()) state.value = cast(state.value, "float64");
  return layer;
}

interface GoldenSequence extends Golden {
  readonly hiddenSize: number;
  readonly heads: number;
  readonly causal: boolean;
  readonly lengths: number[] | null;
  readonly vocabularySize: number;
  readonly features: number;
  readonly approximate: "none" | "tanh";
}

describe("sequences", () => {
  test.each(goldenCases<GoldenSequence>("sequences"))("%s", (name, golden) => {
    switch (name.split(" ")[0]) {
      case "lstm":
        expectLstm(golden);
        break;
      case "attention":
        expectAttention(golden);
        break;
      case "embedding":
        expectEmbedding(golden);
        break;
      default: {
        const { shape, approximate } = golden;
        expectGolden(new GELU({ approximate }), hashUniform(shape, 1, -4, 4), golden);
      }
    }
  });
});

function expectLstm(golden: GoldenSequence): void {
  const { shape, hiddenSize } = golden;
  const layer = new LSTM({ inFeatures: shape[2]!, hiddenSize, random });
  expectGolden(withHashedParameters(layer), hashUniform(shape, 1), golden);
}

function expectAttention(golden: GoldenSequence): void {
  const { shape, heads, causal, lengths } = golden;
  const layer = withHashedParameters(
    new MultiHeadAttention({ features: shape[2]!, heads, causal, random }),
  );
  if (lengths === null) {
    expectGolden(layer, hashUniform(shape, 1), golden);
    return;
  }
  const ends = reshape(tensor(lengths, { dtype: "int32" }), [shape[0]!, 1]);
  const paddingMask = greater(ends, reshape(arange(shape[1]!, { dtype: "int32" }), [1, shape[1]!]));
  const output = layer.forward(hashUniform(shape, 1), { paddingMask });
  const gradInput = layer.backward(hashUniform(output.shape, 2));
  expectClose(output, { shape, data: golden.output }, TOLERANCE);
  expectClose(gradInput, { shape, data: golden.gradInput }, TOLERANCE);
  expectGradients(layer, golden.gradients);
}

function expectEmbedding(golden: GoldenSequence): void {
  const { shape, vocabularySize, features } = golden;
  const layer = withHashedParameters(new Embedding({ vocabularySize, features, random }));
  const [batch, sequence] = shape as [number, number];
  const words = reshape(hashClasses(batch * sequence, 1, vocabularySize), shape);
  const output = layer.forward(words);
  layer.backward(hashUniform(output.shape, 2));
  expectClose(output, { shape: output.shape, data: golden.output }, TOLERANCE);
  expectGradients(layer, golden.gradients);
}
