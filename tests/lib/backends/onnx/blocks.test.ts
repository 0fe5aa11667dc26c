// The same operations in blocks of channels and plainly: the numbers agree, and so does what asks for the plain form.
// Covers: lib/backends/onnx/lowering/*.ts
import { expect, test } from "vitest";
import { blockSize } from "../../../../lib/backends/onnx/block-probe.ts";
import { Graph, type GraphValue } from "../../../../lib/backends/onnx/graph.ts";
import { modelFile } from "../../../../lib/backends/onnx/model-file.ts";
import { BlockedValue, inBlocks } from "../../../../lib/backends/onnx/lowering/blocks.ts";
import { LOWERINGS } from "../../../../lib/backends/onnx/primitives.ts";
import { requireOnnxRuntime } from "../../../../lib/backends/onnx/runtime.ts";
import type { Window } from "../../../../lib/window.ts";
import { hashUniform } from "../../../support/hash.ts";

const CHANNELS = 32;
const SHAPES = {
  images: [16, 3, 6, 6],
  first: [CHANNELS, 3, 3, 3],
  weight: [CHANNELS, CHANNELS, 3, 3],
  channel: [1, CHANNELS, 1, 1],
  other: [16, CHANNELS, 6, 6],
  small: [16, CHANNELS, 3, 3],
  eight: [8, CHANNELS, 6, 6],
  half: [8, CHANNELS, 6, 6],
  wide: [8, CHANNELS, 12, 11],
  tall: [16, CHANNELS, 12, 12],
  flat: [1, CHANNELS, 4, 4],
  narrow: [16, 3, 3, 3],
  threes: [3, 3, 3, 3],
  three: [1, 3, 1, 1],
  mean: [16, CHANNELS, 1, 1],
} as const;

type Inputs = Readonly<Record<keyof typeof SHAPES, GraphValue>>;
type Build = (graph: Graph, x: GraphValue, inputs: Inputs) => GraphValue;

const square = (kernel: number, padding: number, stride = 1): Window => ({
  kernelSize: [kernel, kernel],
  stride: [stride, stride],
  padding: [
    [padding, padding],
    [padding, padding],
  ],
  dilation: [1, 1],
});
const same = { window: square(3, 1), groups: 1 };
const halves = square(2, 0, 2);
const { binary, unary, reduce, conv2d, conv2dGradInput, conv2dGradWeight } = LOWERINGS;
const { maxPool2d, maxPool2dGrad, avgPool2d, avgPool2dGrad } = LOWERINGS;

// x is a convolution's output: made in blocks where there are any.
const EXPRESSIONS: Readonly<Record<string, Build>> = {
  "a bias": (g, x, { channel }) => binary(g, "add", x, channel),
  "a bias, then ReLU": (g, x, { channel }) => unary(g, "relu", binary(g, "add", channel, x)),
  "ReLU alone": (g, x) => unary(g, "relu", x),
  "ReLU of what is used twice": (g, x) => binary(g, "mul", unary(g, "relu", x), x),
  "number minus value": (g, x) => binary(g, "sub", g.scalar(2), x),
  "channel minus value, times a number": (g, x, { channel }) =>
    binary(g, "mul", binary(g, "sub", channel, x), g.scalar(0.5)),
  "quotients by channel and by number": (g, x, { channel }) =>
    binary(g, "div", binary(g, "div", x, binary(g, "add", channel, g.scalar(3))), g.scalar(0.5)),
  "normalising, its ReLU and its mask": (g, x, { channel }) => {
    const centred = binary(g, "sub", x, reduce(g, "mean", x, { axes: [0, 2, 3], keepDims: true }));
    const output = unary(g, "relu", binary(g, "add", binary(g, "mul", centred, channel), channel));
    return binary(g, "mul", centred, unary(g, "reluMask", output));
  },
  "the difference of two scaled values": (g, x, { other, channel }) => {
    const y = conv2d(
      g,
      other,
      g.constant(identity(), { shape: [32, 32, 1, 1], dtype: "float32" }),
      {
        window: square(1, 0),
        groups: 1,
      },
    );
    const left = binary(g, "mul", binary(g, "add", x, channel), channel);
    return binary(g, "sub", left, binary(g, "add", binary(g, "mul", y, channel), g.scalar(1)));
  },
  "a sum with a plain value": (g, x, { other, channel }) =>
    binary(g, "add", binary(g, "mul", x, channel), other),
  "a larger broadcast": (g, x, { mean }) => binary(g, "mul", x, mean),
  "sums over the batch": (g, x) => reduce(g, "sum", x, { axes: [0, 2, 3], keepDims: false }),
  "sums over the images": (g, x) => reduce(g, "sum", x, { axes: [2, 3], keepDims: true }),
  "the sum of everything": (g, x) => reduce(g, "sum", x, { axes: [0, 1, 2, 3], keepDims: true }),
  "the largest of a channel": (g, x) => reduce(g, "max", x, { axes: [0, 2, 3], keepDims: true }),
  "the mean of everything": (g, x) => reduce(g, "mean", x, { axes: [0, 1, 2, 3], keepDims: false }),
  "max-pooling": (g, x) => maxPool2d(g, x, square(3, 1, 2)),
  "average pooling with an edge that does not count": (g, x) =>
    avgPool2d(g, x, { window: square(3, 1, 2), countIncludePad: false }),
  "pooling over the image": (g, x) =>
    avgPool2d(g, x, { window: square(6, 0), countIncludePad: true }),
  "the gradient of pooling over the image": (g, x, { mean }) => {
    const options = { window: square(6, 0), inputSize: [6, 6], countIncludePad: true } as const;
    return binary(g, "mul", avgPool2dGrad(g, mean, options), x);
  },
  "the gradient of averages side by side": (g, x, { small }) => {
    const options = { window: halves, inputSize: [6, 6], countIncludePad: true } as const;
    return binary(g, "mul", avgPool2dGrad(g, small, options), x);
  },
  "the gradient of max-pooling after ReLU": (g, x, { small }) => {
    const active = unary(g, "relu", x);
    const gradient = maxPool2dGrad(g, small, active, maxPool2d(g, active, halves), halves);
    return binary(g, "mul", gradient, unary(g, "reluMask", active));
  },
  "the gradient of max-pooling times another mask": (g, x, { small, other }) => {
    const gradient = maxPool2dGrad(g, small, x, maxPool2d(g, x, halves), halves);
    return binary(g, "mul", gradient, unary(g, "reluMask", other));
  },
  "max-pooling of few channels, and its gradient after ReLU": (g, _, { images, narrow }) => {
    const active = unary(g, "relu", images);
    const pooled = maxPool2d(g, active, halves);
    const gradOutput = binary(g, "mul", narrow, pooled);
    const gradient = maxPool2dGrad(g, gradOutput, active, pooled, halves);
    return binary(g, "mul", gradient, unary(g, "reluMask", active));
  },
  "max-pooling of few channels in overlapping windows": (g, _, { images }) =>
    maxPool2d(g, images, square(3, 1, 2)),
  "a bias of few channels": (g, _, { images, threes, three }) =>
    unary(g, "relu", binary(g, "add", conv2d(g, images, threes, same), three)),
  "the gradient of overlapping windows": (g, x, { small }) => {
    const window = square(3, 1, 2);
    return maxPool2dGrad(g, small, x, maxPool2d(g, x, window), window);
  },
  "the gradient of a convolution's input": (g, x, { weight }) =>
    conv2dGradInput(g, x, weight, { ...same, inputSize: [6, 6] }),
  "the gradient of a convolution's weight": (g, x, { other }) =>
    conv2dGradWeight(g, other, x, same),
  "the gradient of a weight of fewer images than a block": (g, _, { eight, half }) =>
    conv2dGradWeight(g, half, eight, same),
  "the gradient of a weight of fewer images than a block, by strides": (g, _, { eight, wide }) => {
    const window: Window = {
      ...square(3, 1, 2),
      padding: [
        [1, 0],
        [0, 2],
      ],
    };
    return conv2dGradWeight(g, wide, eight, { window, groups: 1 });
  },
  "the gradient of a weight of many images, by strides": (g, x, { tall }) =>
    conv2dGradWeight(g, tall, x, { window: square(3, 1, 2), groups: 1 }),
  "the gradient of a weight of one small image": (g, _, { flat }) =>
    conv2dGradWeight(g, flat, flat, same),
  "the gradient of a weight of few channels": (g, x, { images }) =>
    conv2dGradWeight(g, images, x, same),
};

const identity = (): Float32Array =>
  Float32Array.from({ length: CHANNELS * CHANNELS }, (_, k) => Number(k % (CHANNELS + 1) === 0));

function evaluate(build: Build, width: number): Float32Array {
  const runtime = requireOnnxRuntime();
  const graph = new Graph(undefined, { blockSize: width });
  const names = Object.keys(SHAPES) as (keyof typeof SHAPES)[];
  const inputs = Object.fromEntries(
    names.map((name) => [name, graph.input(name, { shape: SHAPES[name], dtype: "float32" })]),
  ) as Inputs;
  const x = conv2d(graph, inputs.images, inputs.first, same);
  expect(x instanceof BlockedValue).toBe(width > 0);
  graph.output(build(graph, x, inputs), "out");
  const session = runtime.session(modelFile(graph), { threads: 1 });
  const numbers = names.map((name, index) => {
    const values = hashUniform(SHAPES[name], index + 1).toTypedArray();
    return [name, runtime.tensor("float32", Float32Array.from(values), SHAPES[name])] as const;
  });
  try {
    return session.run(Object.fromEntries(numbers), { out: null }, {})["out"]!.data as Float32Array;
  } finally {
    session.dispose();
  }
}

const width = blockSize(requireOnnxRuntime());

for (const [name, build] of Object.entries(EXPRESSIONS)) {
  test(`${name}: in blocks as plainly`, () => {
    const [plain, blocked] = [evaluate(build, 0), evaluate(build, width)];
    expect(blocked.length).toBe(plain.length);
    const largest = plain.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeGreaterThan(0);
    // float32 sums of up to 600 products, in another order.
    for (const [k, value] of plain.entries()) {
      expect(Math.abs(blocked[k]! - value)).toBeLessThan(1e-5 * (largest + 1));
    }
  });
}

test("a plain value is rearranged once in a graph, and again in one inside of it", () => {
  const graph = new Graph(undefined, { blockSize: 16 });
  const x = graph.input("x", { shape: [1, 16, 2, 2], dtype: "float32" });
  expect(inBlocks(graph, x)).toBe(inBlocks(graph, x));
  expect(inBlocks(new Graph(graph), x)).not.toBe(inBlocks(graph, x));
});

test("nothing is added to the graph before somebody needs a blocked value", () => {
  const graph = new Graph(undefined, { blockSize: 16 });
  const x = graph.input("x", { shape: [1, 16, 2, 2], dtype: "float32" });
  const relu = new BlockedValue(graph, x, () => graph.node("Relu", [inBlocks(graph, x)], x));
  expect(relu.isMade).toBe(false);
  expect(graph.size).toBe(0);
  expect(relu.name).toBe(relu.name);
  expect(graph.size).toBe(3);
});
