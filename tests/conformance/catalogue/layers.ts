// The list of layers: one entry makes a layer pass every suite, its gradients, each backend, compiled and exported.
import * as lib from "../../../lib/index.ts";
import { hashClasses, hashUniform } from "../../support/hash.ts";

/** A layer, and what it is tested with. */
export interface LayerCase {
  readonly name: string;
  /** A layer for inputs of a shape. */
  readonly make: (shape: readonly number[], random: lib.Generator) => lib.Layer;
  /** Shapes of inputs: a usual one, the smallest, and one more. */
  readonly shapes: Shapes;
  /** An input of a shape; float32 in -1..1 unless given. */
  readonly input?: (shape: readonly number[], seed: number) => lib.Tensor;
}

type Shapes = readonly [readonly number[], readonly number[], readonly number[]];

/** The input that a case is tested with. */
export function inputOf({ input }: LayerCase, shape: readonly number[], seed: number): lib.Tensor {
  return input?.(shape, seed) ?? lib.cast(hashUniform(shape, seed), "float32");
}

// An ordinary batch, one example of one number, and an axis more than usual.
const ANY: Shapes = [
  [4, 5],
  [1, 1],
  [2, 3, 4],
];

const IMAGES: Shapes = [
  [2, 2, 4, 5],
  [1, 1, 3, 3],
  [3, 2, 3, 6],
];

const SEQUENCES: Shapes = [
  [2, 3, 4],
  [1, 1, 2],
  [3, 2, 2],
];

// Most layers have an even number of features, or one.
const last = (shape: readonly number[]): number => shape.at(-1)!;

interface PaddedOptions {
  readonly features: number;
  readonly causal: boolean;
  readonly random: lib.Generator;
  /** Positions whose first number is not larger are padding. */
  readonly above: number;
}

// Attention with a mask that it makes itself: suites call forward with an input alone.
class PaddedAttention extends lib.MultiHeadAttention {
  readonly above: number;

  constructor({ above, ...options }: PaddedOptions) {
    super({ ...options, heads: 1 });
    this.above = above;
  }

  override forward(input: lib.Tensor): lib.Tensor {
    const firstNumbers = lib.slice(input, [null, null, [0, 1]]);
    const isWord = lib.greater(firstNumbers, this.above); // [batch, sequence, 1]
    return super.forward(input, { paddingMask: lib.reshape(isWord, input.shape.slice(0, 2)) });
  }

  override toString(): string {
    return `PaddedAttention(${this.features})`;
  }
}

/** Every layer, with the settings that take other ways through its code. */
export const LAYERS: readonly LayerCase[] = [
  {
    name: "Linear",
    make: (shape, random) => new lib.Linear({ inFeatures: last(shape), outFeatures: 3, random }),
    shapes: ANY,
  },
  { name: "ReLU", make: () => new lib.ReLU(), shapes: ANY },
  {
    name: "LeakyReLU",
    make: () => new lib.LeakyReLU({ negativeSlope: 0.1 }),
    shapes: ANY,
  },
  { name: "Sigmoid", make: () => new lib.Sigmoid(), shapes: ANY },
  { name: "Tanh", make: () => new lib.Tanh(), shapes: ANY },
  { name: "Softmax", make: () => new lib.Softmax(), shapes: ANY },
  {
    name: "Dropout",
    make: (_, random) => new lib.Dropout({ rate: 0.4, random }),
    shapes: ANY,
  },
  { name: "Flatten", make: () => new lib.Flatten(), shapes: ANY },
  { name: "GELU", make: () => new lib.GELU(), shapes: ANY },
  { name: "GELU (tanh)", make: () => new lib.GELU({ approximate: "tanh" }), shapes: ANY },
  {
    name: "Embedding",
    make: (_, random) => new lib.Embedding({ vocabularySize: 6, features: 3, random }),
    // Words that come twice, one word, and texts of one word each.
    shapes: [
      [4, 5],
      [1, 1],
      [3, 1],
    ],
    input: (shape, seed) => lib.reshape(hashClasses(shape[0]! * shape[1]!, seed, 6), shape),
  },
  {
    name: "Conv2d",
    make: ([, inChannels], random) =>
      new lib.Conv2d({
        inChannels: inChannels!,
        outChannels: 2,
        kernelSize: 3,
        padding: 1,
        random,
      }),
    shapes: IMAGES,
  },
  {
    name: "Conv2d (stride, dilation, groups)",
    make: ([, inChannels], random) =>
      new lib.Conv2d({
        inChannels: inChannels!,
        outChannels: 2 * inChannels!,
        kernelSize: [2, 3],
        stride: [2, 1],
        padding: [1, 2],
        dilation: [1, 2],
        groups: inChannels!,
        random,
      }),
    shapes: IMAGES,
  },
  {
    name: "ConvTranspose2d",
    make: ([, inChannels], random) =>
      new lib.ConvTranspose2d({
        inChannels: inChannels!,
        outChannels: 2,
        kernelSize: 3,
        stride: 2,
        padding: 1,
        outputPadding: 1,
        random,
      }),
    shapes: IMAGES,
  },
  {
    name: "MaxPool2d",
    make: () => new lib.MaxPool2d({ kernelSize: 2, padding: 1 }),
    shapes: IMAGES,
  },
  {
    name: "MaxPool2d (overlapping)",
    make: () => new lib.MaxPool2d({ kernelSize: 3, stride: 1, padding: 1 }),
    shapes: IMAGES,
  },
  {
    name: "AvgPool2d",
    make: () => new lib.AvgPool2d({ kernelSize: 2, stride: 1, padding: 1 }),
    shapes: IMAGES,
  },
  {
    name: "AvgPool2d (padding not counted)",
    make: () => new lib.AvgPool2d({ kernelSize: 3, padding: 1, countIncludePad: false }),
    shapes: IMAGES,
  },
  {
    name: "UpsampleNearest2d",
    make: () => new lib.UpsampleNearest2d({ scale: [2, 3] }),
    shapes: IMAGES,
  },
  { name: "GlobalAvgPool2d", make: () => new lib.GlobalAvgPool2d(), shapes: IMAGES },
  { name: "GlobalMaxPool2d", make: () => new lib.GlobalMaxPool2d(), shapes: IMAGES },
  {
    name: "BatchNorm",
    make: ([, channels]) => new lib.BatchNorm({ channels: channels! }),
    shapes: [
      [4, 5],
      [2, 1],
      [2, 3, 2, 2],
    ],
  },
  {
    name: "BatchNorm (images)",
    make: ([, channels]) => new lib.BatchNorm({ channels: channels!, momentum: 0.3 }),
    shapes: IMAGES,
  },
  {
    name: "LayerNorm",
    make: (shape) => new lib.LayerNorm({ features: last(shape) }),
    shapes: ANY,
  },
  {
    name: "LSTM",
    make: (shape, random) => new lib.LSTM({ inFeatures: last(shape), hiddenSize: 3, random }),
    shapes: SEQUENCES,
  },
  {
    name: "LSTM (last state)",
    make: (shape, random) =>
      new lib.LSTM({ inFeatures: last(shape), hiddenSize: 2, output: "last", random }),
    shapes: SEQUENCES,
  },
  {
    name: "MultiHeadAttention",
    make: (shape, random) =>
      new lib.MultiHeadAttention({ features: last(shape), heads: 2, random }),
    shapes: SEQUENCES,
  },
  {
    name: "MultiHeadAttention (causal)",
    make: (shape, random) =>
      new lib.MultiHeadAttention({ features: last(shape), heads: 1, causal: true, random }),
    shapes: SEQUENCES,
  },
  {
    name: "MultiHeadAttention (padding)",
    make: (shape, random) =>
      new PaddedAttention({ features: last(shape), causal: false, above: 0, random }),
    shapes: SEQUENCES,
  },
  {
    // Positions before which all is padding see nothing.
    name: "MultiHeadAttention (causal, padding)",
    make: (shape, random) =>
      new PaddedAttention({ features: last(shape), causal: true, above: 0, random }),
    shapes: SEQUENCES,
  },
  {
    name: "MultiHeadAttention (nothing but padding)",
    make: (shape, random) =>
      new PaddedAttention({ features: last(shape), causal: false, above: 100, random }),
    shapes: SEQUENCES,
  },
  {
    name: "FeedForward",
    make: (shape, random) => new lib.FeedForward({ features: last(shape), random }),
    shapes: ANY,
  },
  {
    name: "Residual",
    make: (shape, random) =>
      new lib.Residual(new lib.FeedForward({ features: last(shape), random })),
    shapes: ANY,
  },
  {
    name: "Sequential",
    make: (shape, random) =>
      new lib.Sequential(
        new lib.Linear({ inFeatures: last(shape), outFeatures: 4, random }),
        new lib.Tanh(),
        new lib.Dropout({ rate: 0.2, random }),
        new lib.Linear({ inFeatures: 4, outFeatures: 2, random }),
      ),
    shapes: ANY,
  },
];
