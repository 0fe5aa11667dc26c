// Exported equals eager: every layer and models of each kind, as files that run with any batch, from one list.
// Covers: lib/interchange/onnx/*.ts
import { describe, expect, test } from "vitest";
import * as lib from "../../lib/index.ts";
import { floats } from "../support/exported.ts";
import { hashClasses } from "../support/hash.ts";
import { allNodes, readOnnxFile } from "../support/onnx-file.ts";
import { inputsOf, LAYERS, MODELS, type Setting } from "./compiled/settings.ts";

// Other programs add in another order: some hundred float32 sums, of numbers around 1.
const TOLERANCE = 1e-5;

function expectSame(actual: lib.Tensor, expected: lib.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  const numbers = expected.toTypedArray();
  const distances = actual.toTypedArray().map((value, index) => Math.abs(value - numbers[index]!));
  expect(Math.max(...distances)).toBeLessThan(TOLERANCE);
}

// One pass while training, so that running statistics are no longer 0 and 1.
function madeBy(setting: Setting): lib.Layer {
  const model = setting.model(new lib.Generator(3));
  model.forward(inputsOf(setting, setting.shape, 9));
  return model;
}

describe.each([...LAYERS, ...MODELS])("$name, exported", (setting) => {
  const free = ["batch", ...setting.shape.slice(1)];
  const { dtype } = inputsOf(setting, setting.shape, 1);
  const options = { inputs: { x: { shape: free, dtype } }, output: "y" };

  test.each([1, 2, 5])("gives what the eager model gives for a batch of %i", (batch) => {
    const model = madeBy(setting);
    const loaded = lib.fromOnnx(lib.toOnnx(model, options));
    const x = inputsOf(setting, [batch, ...setting.shape.slice(1)], batch);
    expectSame(loaded.forward(x), model.eval().forward(x));
  });

  test("is a file of standard operators, with a free batch and weights that are no inputs", () => {
    const model = madeBy(setting);
    const file = readOnnxFile(lib.toOnnx(model, options));
    expect(file.operatorSets).toEqual([["", 20]]);
    expect(file.formatVersion).toBe(9);
    expect(file.producer).toBe("gradlab");
    expect(file.producerVersion).toMatch(/^\d+\.\d+\.\d+/);
    const { graph } = file;
    expect(new Set(allNodes(graph).map(({ domain }) => domain))).toEqual(new Set([""]));
    expect(graph.inputs).toEqual([{ name: "x", shape: free }]);
    expect(graph.outputs.map(({ name, shape }) => [name, shape[0]])).toEqual([["y", "batch"]]);
    for (const [name, value] of lib.stateDict(model)) {
      const numbers = Array.from(value.toTypedArray());
      expect(graph.initializers.get(name), name).toEqual(numbers);
    }
  });
});

const random = (): lib.Generator => new lib.Generator(4);

const languageModel = (): lib.Layer => {
  const features = 8;
  return new lib.Sequential(
    new lib.Embedding({ vocabularySize: 11, features, random: random() }),
    new lib.Residual(
      new lib.Sequential(
        new lib.LayerNorm({ features }),
        new lib.MultiHeadAttention({ features, heads: 2, causal: true, random: random() }),
      ),
    ),
    new lib.LSTM({ inFeatures: features, hiddenSize: 6, random: random() }),
    new lib.Linear({ inFeatures: 6, outFeatures: 11, random: random() }),
  );
};

test.each([
  [1, 1],
  [1, 6],
  [3, 2],
  [2, 40],
])("a causal language model runs with %i texts of %i words", (batch, sequence) => {
  const model = languageModel();
  const inputs = { words: { shape: ["batch", "sequence"], dtype: "int32" } } as const;
  const loaded = lib.fromOnnx(lib.toOnnx(model, { inputs, output: "logits" }));
  expect(loaded.outputs).toEqual({
    logits: { shape: ["batch", "sequence", 11], dtype: "float32" },
  });
  const words = lib.reshape(hashClasses(batch * sequence, 2, 11), [batch, sequence]);
  expectSame(loaded.forward(words), model.eval().forward(words));
});

test.each([
  [1, 9, 12],
  [2, 20, 7],
])("a convolutional net runs with %i images of %i x %i pixels", (batch, height, width) => {
  const model = new lib.Sequential(
    new lib.Conv2d({ inChannels: 3, outChannels: 4, kernelSize: 3, random: random() }),
    new lib.BatchNorm({ channels: 4 }),
    new lib.ReLU(),
    new lib.MaxPool2d({ kernelSize: 2 }),
    new lib.ConvTranspose2d({
      inChannels: 4,
      outChannels: 5,
      kernelSize: 3,
      stride: 2,
      padding: 1,
      outputPadding: 1,
      random: random(),
    }),
    new lib.GlobalMaxPool2d(),
    new lib.Linear({ inFeatures: 5, outFeatures: 2, random: random() }),
  );
  const inputs = { image: { shape: ["batch", 3, "height", "width"] } };
  const loaded = lib.fromOnnx(lib.toOnnx(model, { inputs }));
  const image = floats([batch, 3, height, width], 1);
  expectSame(loaded.forward(image), model.eval().forward(image));
});

test("a model with a short table of positions runs with texts that it can hold", () => {
  const positions = new lib.Embedding({ vocabularySize: 16, features: 4, random: random() });
  const bytes = lib.toOnnx(positions, {
    inputs: { x: { shape: ["batch", "sequence", 4] } },
    forward: ({ x }) => {
      const rows = lib.slice(positions.weight.value, [[0, x.shape[1]!]]);
      const again = positions.forward(lib.arange(x.shape[1]!, { dtype: "int32" }));
      return { y: lib.add(x, lib.sub(rows, lib.mul(again, 3))) };
    },
  });
  const loaded = lib.fromOnnx(bytes);
  for (const [batch, sequence] of [
    [1, 16],
    [20, 3],
    [2, 1],
  ] as const) {
    const x = floats([batch, sequence, 4]);
    const rows = lib.slice(positions.weight.value, [[0, sequence]]);
    expectSame(loaded.forward(x), lib.add(x, lib.mul(rows, -2)));
  }
  expect(() => loaded.forward(floats([1, 17, 4]))).toThrow(lib.BackendError);
});

test("a net that halves images and doubles them again runs with images that can be halved", () => {
  const down = new lib.MaxPool2d({ kernelSize: 2 });
  const up = new lib.ConvTranspose2d({
    inChannels: 2,
    outChannels: 3,
    kernelSize: 2,
    stride: 2,
    random: random(),
  });
  const compute = (x: lib.Tensor): lib.Tensor =>
    lib.concat([x, up.forward(down.forward(x))], { axis: 1 });
  const loaded = lib.fromOnnx(
    lib.toOnnx([down, up], {
      inputs: { image: { shape: ["batch", 2, "height", "width"] } },
      forward: ({ image }) => ({ y: compute(image) }),
    }),
  );
  for (const [height, width] of [
    [6, 2],
    [10, 128],
  ] as const) {
    const image = floats([1, 2, height, width]);
    expectSame(loaded.forward(image), compute(image));
  }
});

test("attention with a padding mask is a file with two inputs", () => {
  const model = new lib.MultiHeadAttention({ features: 4, heads: 2, random: random() });
  const loaded = lib.fromOnnx(
    lib.toOnnx(model, {
      inputs: {
        x: { shape: ["batch", "sequence", 4] },
        mask: { shape: ["batch", "sequence"], dtype: "bool" },
      },
      forward: ({ x, mask }) => ({ y: model.forward(x, { paddingMask: mask }) }),
    }),
  );
  const x = floats([2, 3, 4], 1);
  const mask = lib.tensor([
    [true, true, false],
    [true, false, false],
  ]);
  expectSame(loaded.run({ x, mask })["y"]!, model.forward(x, { paddingMask: mask }));
});

const [WIDE, TALL] = [floats([6, 3], 2), floats([3, 4], 2)];

// Ops that layers of one's own may be made of, on [batch, 4, 6].
const OPS: readonly [name: string, compute: (x: lib.Tensor) => lib.Tensor][] = [
  ["exp", (x) => lib.exp(x)],
  ["log, sqrt and abs", (x) => lib.log(lib.add(lib.sqrt(lib.abs(x)), 1))],
  ["reciprocal", (x) => lib.reciprocal(lib.add(x, 3))],
  ["reluMask", (x) => lib.reluMask(x)],
  ["minimum and maximum", (x) => lib.minimum(lib.maximum(x, -0.2), 0.3)],
  ["comparisons", (x) => lib.where(lib.greater(x, 0.1), x, lib.where(lib.less(x, -0.5), 2, 3))],
  ["whole numbers", (x) => lib.cast(lib.cast(lib.mul(x, 10), "int32"), "float32")],
  [
    "a choice between truths",
    (x) => lib.cast(lib.where(lib.less(x, 0), lib.less(x, -0.5), lib.less(x, 0.5)), "float32"),
  ],
  ["a product", (x) => lib.matmul(x, WIDE)],
  [
    "a product of transposed matrices",
    (x) => lib.matmul(x, TALL, { transposeA: true, transposeB: true, alpha: 0.5 }),
  ],
  ["products of every example with itself", (x) => lib.matmul(x, x, { transposeB: true })],
  ["reductions", (x) => lib.add(lib.max(x, { axes: [1] }), lib.mean(x, { axes: [0, 1] }))],
  ["where the largest is", (x) => lib.cast(lib.argMax(x, { axis: 1 }), "float32")],
  ["softmax and its logarithm", (x) => lib.add(lib.softmax(x), lib.logSoftmax(x))],
  ["normalising", (x) => lib.normalise(x, lib.batchStatistics(x, { axes: [0] }))],
  [
    "moves",
    (x) => lib.concat([lib.transpose(x, [2, 0, 1]), lib.transpose(lib.flip(x, [1]), [2, 0, 1])]),
  ],
  ["pieces", (x) => lib.sub(...(lib.split(x, [3, 3], { axis: 2 }) as [lib.Tensor, lib.Tensor]))],
  ["rows by number", (x) => lib.gather(WIDE, words(x))],
  ["one-hot rows", (x) => lib.oneHot(words(x), 5)],
  ["sums of rows by number", (x) => lib.scatterAdd(words(x), x, 5)],
  [
    "steps of a scan",
    (x) =>
      lib.scan(
        { states: [lib.zeros([6])], sequences: [lib.reshape(x, [-1, 6])] },
        ([sum], [row]) => {
          const next = lib.tanh(lib.add(sum!, row!));
          return { states: [next], outputs: [next] };
        },
      ).outputs[0]!,
  ],
];

// int32 [batch, 4] in 0..4.
const words = (x: lib.Tensor): lib.Tensor =>
  lib.cast(lib.mul(lib.add(lib.max(x, { axes: [2] }), 1), 2), "int32");

test.each(OPS)("%s, exported, with any batch and standard operators", (_name, compute) => {
  const bytes = lib.toOnnx([], {
    inputs: { x: { shape: ["batch", 4, 6] } },
    forward: ({ x }) => ({ y: compute(x) }),
  });
  expect(new Set(allNodes(readOnnxFile(bytes).graph).map(({ domain }) => domain))).toEqual(
    new Set([""]),
  );
  const loaded = lib.fromOnnx(bytes);
  for (const batch of [1, 2, 5]) {
    const x = floats([batch, 4, 6], batch);
    expectSame(loaded.forward(x), compute(x));
  }
});
