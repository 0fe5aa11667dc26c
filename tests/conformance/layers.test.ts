// The contract of every layer: shapes, gradients, accumulation, purity, modes and errors; and PyTorch's numbers.
// Covers: lib/saved.ts, lib/layer-check.ts
import { describe, expect, test } from "vitest";
import {
  AvgPool2d,
  BatchNorm,
  cast,
  checkGradients,
  Conv2d,
  ConvTranspose2d,
  Dropout,
  FeedForward,
  Flatten,
  GELU,
  Generator,
  GlobalAvgPool2d,
  GlobalMaxPool2d,
  type Layer,
  LayerNorm,
  LeakyReLU,
  Linear,
  LSTM,
  MaxPool2d,
  MultiHeadAttention,
  ReLU,
  Residual,
  Sequential,
  ShapeError,
  Sigmoid,
  Softmax,
  StateError,
  Tanh,
  tensor,
  type Tensor,
} from "../../lib/index.ts";
import { expectClose } from "../support/expect-close.ts";
import { goldenCases } from "../support/golden.ts";
import { hashUniform } from "../support/hash.ts";

// Attention with a mask of its own: checks of gradients call forward with an input alone.
class PaddedAttention extends MultiHeadAttention {
  readonly #isPadding: (batch: number, position: number, length: number) => boolean;

  constructor(
    options: { readonly features: number; readonly causal: boolean },
    isPadding: (batch: number, position: number, length: number) => boolean,
  ) {
    super({ ...options, heads: 1, random: random() });
    this.#isPadding = isPadding;
  }

  override forward(input: Tensor): Tensor {
    const [batch, sequence] = input.shape as [number, number, number];
    const rows = Array.from({ length: batch }, (_, b) =>
      Array.from({ length: sequence }, (_, position) => !this.#isPadding(b, position, sequence)),
    );
    return super.forward(input, { paddingMask: tensor(rows) });
  }

  override toString(): string {
    return `PaddedAttention(${this.features})`;
  }
}

interface LayerCase {
  readonly name: string;
  readonly make: (shape: readonly number[]) => Layer;
  /** Input shapes, when the layer does not take any. */
  readonly shapes?: number[][];
}

const random = (): Generator => new Generator(3);

const IMAGES = [
  [2, 2, 4, 5],
  [1, 1, 3, 3],
  [3, 2, 3, 6],
];

const SEQUENCES = [
  [2, 3, 4],
  [1, 1, 2],
  [3, 2, 2],
];

const LAYERS: LayerCase[] = [
  {
    name: "Linear",
    make: (shape) => new Linear({ inFeatures: shape.at(-1)!, outFeatures: 3, random: random() }),
  },
  { name: "ReLU", make: () => new ReLU() },
  { name: "LeakyReLU", make: () => new LeakyReLU({ negativeSlope: 0.1 }) },
  { name: "Sigmoid", make: () => new Sigmoid() },
  { name: "Tanh", make: () => new Tanh() },
  { name: "Softmax", make: () => new Softmax() },
  { name: "Dropout", make: () => new Dropout({ rate: 0.4, random: random() }) },
  { name: "Flatten", make: () => new Flatten() },
  { name: "GELU", make: () => new GELU() },
  { name: "GELU (tanh)", make: () => new GELU({ approximate: "tanh" }) },
  {
    name: "Conv2d",
    make: ([, inChannels]) =>
      new Conv2d({
        inChannels: inChannels!,
        outChannels: 2,
        kernelSize: 3,
        padding: 1,
        random: random(),
      }),
    shapes: IMAGES,
  },
  {
    name: "Conv2d (stride, dilation, groups)",
    make: ([, inChannels]) =>
      new Conv2d({
        inChannels: inChannels!,
        outChannels: 2 * inChannels!,
        kernelSize: [2, 3],
        stride: [2, 1],
        padding: [1, 2],
        dilation: [1, 2],
        groups: inChannels!,
        random: random(),
      }),
    shapes: IMAGES,
  },
  {
    name: "ConvTranspose2d",
    make: ([, inChannels]) =>
      new ConvTranspose2d({
        inChannels: inChannels!,
        outChannels: 2,
        kernelSize: 3,
        stride: 2,
        padding: 1,
        outputPadding: 1,
        random: random(),
      }),
    shapes: IMAGES,
  },
  { name: "MaxPool2d", make: () => new MaxPool2d({ kernelSize: 2, padding: 1 }), shapes: IMAGES },
  {
    name: "MaxPool2d (overlapping)",
    make: () => new MaxPool2d({ kernelSize: 3, stride: 1, padding: 1 }),
    shapes: IMAGES,
  },
  {
    name: "AvgPool2d",
    make: () => new AvgPool2d({ kernelSize: 2, stride: 1, padding: 1 }),
    shapes: IMAGES,
  },
  {
    name: "AvgPool2d (padding not counted)",
    make: () => new AvgPool2d({ kernelSize: 3, padding: 1, countIncludePad: false }),
    shapes: IMAGES,
  },
  { name: "GlobalAvgPool2d", make: () => new GlobalAvgPool2d(), shapes: IMAGES },
  { name: "GlobalMaxPool2d", make: () => new GlobalMaxPool2d(), shapes: IMAGES },
  {
    name: "BatchNorm",
    make: ([, channels]) => new BatchNorm({ channels: channels! }),
    shapes: [
      [4, 5],
      [2, 1],
      [2, 3, 2, 2],
    ],
  },
  { name: "LayerNorm", make: (shape) => new LayerNorm({ features: shape.at(-1)! }) },
  {
    name: "LSTM",
    make: (shape) => new LSTM({ inFeatures: shape.at(-1)!, hiddenSize: 3, random: random() }),
    shapes: SEQUENCES,
  },
  {
    name: "LSTM (last state)",
    make: (shape) =>
      new LSTM({ inFeatures: shape.at(-1)!, hiddenSize: 2, output: "last", random: random() }),
    shapes: SEQUENCES,
  },
  {
    name: "MultiHeadAttention",
    make: (shape) =>
      new MultiHeadAttention({ features: shape.at(-1)!, heads: 2, random: random() }),
    shapes: SEQUENCES,
  },
  {
    name: "MultiHeadAttention (causal)",
    make: (shape) =>
      new MultiHeadAttention({ features: shape.at(-1)!, heads: 1, causal: true, random: random() }),
    shapes: SEQUENCES,
  },
  {
    name: "MultiHeadAttention (padding at the end)",
    make: (shape) =>
      new PaddedAttention(
        { features: shape.at(-1)!, causal: false },
        (batch, position, length) => position > 0 && position >= length - batch,
      ),
    shapes: SEQUENCES,
  },
  {
    // The first positions of later sequences see nothing: all before them is padding.
    name: "MultiHeadAttention (padding at the start, causal)",
    make: (shape) =>
      new PaddedAttention(
        { features: shape.at(-1)!, causal: true },
        (batch, position) => position < batch,
      ),
    shapes: SEQUENCES,
  },
  {
    name: "MultiHeadAttention (a sequence of padding alone)",
    make: (shape) =>
      new PaddedAttention({ features: shape.at(-1)!, causal: false }, (batch) => batch === 0),
    shapes: SEQUENCES,
  },
  {
    name: "FeedForward",
    make: (shape) => new FeedForward({ features: shape.at(-1)!, random: random() }),
  },
  {
    name: "Residual",
    make: (shape) => new Residual(new FeedForward({ features: shape.at(-1)!, random: random() })),
  },
  {
    name: "Sequential",
    make: (shape) =>
      new Sequential(
        new Linear({ inFeatures: shape.at(-1)!, outFeatures: 4, random: random() }),
        new Tanh(),
        new Dropout({ rate: 0.2, random: random() }),
        new Linear({ inFeatures: 4, outFeatures: 2, random: random() }),
      ),
  },
];

// An ordinary batch, one example of one number, and an axis more than usual.
const SHAPES = [
  [4, 5],
  [1, 1],
  [2, 3, 4],
];

const gradientsOf = (layer: Layer): (number[] | undefined)[] =>
  layer.parameters().map(({ gradient }) => gradient && Array.from(gradient.toTypedArray()));

const onesLike = (x: Tensor): Tensor => cast(hashUniform(x.shape, 5), x.dtype);

describe.each(LAYERS)("the layer $name", ({ make, shapes = SHAPES }) => {
  describe.each(shapes.map((shape) => ({ shape })))(
    "with an input of shape $shape",
    ({ shape }) => {
      const input = (): Tensor => cast(hashUniform(shape, 1), "float32");

      test("has gradients that agree with finite differences", () => {
        const report = checkGradients(make(shape), shape);
        expect(report.results.map(({ gradientName }) => gradientName)[0]).toBe("gradInput");
      });

      test("says its output shape before it runs, and keeps the element type", () => {
        const layer = make(shape);
        const output = layer.forward(input());
        expect(output.shape).toEqual(layer.outputShape(shape));
        expect(output.dtype).toBe("float32");
        const gradInput = layer.backward(onesLike(output));
        expect(gradInput.shape).toEqual(shape);
        expect(gradInput.dtype).toBe("float32");
      });

      test("gives every parameter a gradient of its shape", () => {
        const layer = make(shape);
        layer.backward(onesLike(layer.forward(input())));
        for (const { value, gradient } of layer.parameters()) {
          expect(gradient?.shape).toEqual(value.shape);
        }
      });

      test("adds to the gradients when backward runs twice", () => {
        const layer = make(shape);
        const gradOutput = onesLike(layer.forward(input()));
        const first = layer.backward(gradOutput);
        const once = gradientsOf(layer);
        const second = layer.backward(gradOutput);
        expect(second.toArray()).toEqual(first.toArray());
        expect(gradientsOf(layer)).toEqual(once.map((numbers) => numbers?.map((x) => 2 * x)));
      });

      test("gives parameters the same gradients when that of the input is not asked for", () => {
        const [layer, other] = [make(shape), make(shape)];
        const gradOutput = onesLike(layer.forward(input()));
        layer.backward(gradOutput);
        other.forward(input());
        other.accumulateGradients(gradOutput);
        expect(gradientsOf(other)).toEqual(gradientsOf(layer));
      });

      test("leaves input, gradOutput and parameter values as they were", () => {
        const layer = make(shape);
        const x = input();
        const output = layer.forward(x);
        const gradOutput = onesLike(output);
        const watched = [x, output, gradOutput, ...layer.parameters().map(({ value }) => value)];
        const before = watched.map((tensor) => tensor.toTypedArray());
        layer.backward(gradOutput);
        layer.forward(x);
        expect(watched.map((tensor) => tensor.toTypedArray())).toEqual(before);
      });

      test("gives the same output for the same input in evaluation mode", () => {
        const layer = make(shape).eval();
        expect(layer.layers().every(({ training }) => !training)).toBe(true);
        expect(layer.forward(input()).toArray()).toEqual(layer.forward(input()).toArray());
        expect(
          layer
            .train()
            .layers()
            .every(({ training }) => training),
        ).toBe(true);
      });

      test("has right gradients in evaluation mode too", () => {
        expect(() => checkGradients(make(shape).eval(), shape)).not.toThrow();
      });
    },
  );

  test("refuses backward before forward, naming the fix", () => {
    const [shape] = shapes as [number[]];
    const layer = make(shape);
    expect(() => layer.backward(hashUniform(shape, 1))).toThrow(StateError);
    expect(() => layer.backward(hashUniform(shape, 1))).toThrow("Call forward first");
  });

  test("refuses a gradient of another shape than the output", () => {
    const [shape] = shapes as [number[]];
    const layer = make(shape);
    const output = layer.forward(cast(hashUniform(shape, 1), "float32"));
    const wrong = cast(hashUniform([...output.shape.slice(0, -1), 9], 1), "float32");
    expect(() => layer.backward(wrong)).toThrow(ShapeError);
    expect(() => layer.backward(wrong)).toThrow("belongs to the last forward call");
  });

  test("shows its name in a notebook", () => {
    const layer = make(shapes[0]!);
    expect(layer.toMimeBundle()["text/plain"]).toContain(layer.constructor.name);
  });
});

interface GoldenLayer {
  readonly shape: number[];
  readonly outFeatures?: number;
  readonly output: number[];
  readonly gradInput: number[];
  readonly gradWeight?: number[];
  readonly gradBias?: number[];
}

const TORCH_LAYERS: Record<string, () => Layer> = {
  relu: () => new ReLU(),
  leakyRelu: () => new LeakyReLU({ negativeSlope: 0.1 }),
  sigmoid: () => new Sigmoid(),
  tanh: () => new Tanh(),
  softmax: () => new Softmax(),
};

// Both programs compute in float64; sums of five terms and exp may differ in the last bits.
const TOLERANCE = 1e-14;

describe("PyTorch's numbers", () => {
  test.each(goldenCases<GoldenLayer>("layers"))("%s", (name, golden) => {
    const kind = name.split(" ")[0]!;
    const layer = kind === "linear" ? goldenLinear(golden) : TORCH_LAYERS[kind]!();
    const output = layer.forward(hashUniform(golden.shape, 1, -3, 3));
    const gradInput = layer.backward(hashUniform(output.shape, 2));
    expectClose(output, { shape: output.shape, data: golden.output }, TOLERANCE);
    expectClose(gradInput, { shape: golden.shape, data: golden.gradInput }, TOLERANCE);
    const expected = [golden.gradWeight, golden.gradBias];
    for (const [index, { value, gradient }] of layer.parameters().entries()) {
      expectClose(gradient!, { shape: value.shape, data: expected[index]! }, TOLERANCE);
    }
  });
});

function goldenLinear({ shape, outFeatures }: GoldenLayer): Linear {
  const inFeatures = shape.at(-1)!;
  const layer = new Linear({ inFeatures, outFeatures: outFeatures!, random: random() });
  layer.weight.value = hashUniform([inFeatures, outFeatures!], 3);
  layer.bias.value = hashUniform([outFeatures!], 4);
  return layer;
}
