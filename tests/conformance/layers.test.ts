// The contract of every layer: shapes, gradients, accumulation, purity, modes and errors; and PyTorch's numbers.
// Covers: lib/saved.ts, lib/layer-check.ts
import { describe, expect, test } from "vitest";
import {
  cast,
  checkGradients,
  Generator,
  type Layer,
  LeakyReLU,
  Linear,
  ReLU,
  ShapeError,
  Sigmoid,
  Softmax,
  StateError,
  Tanh,
  type Tensor,
} from "../../lib/index.ts";
import { expectClose } from "../support/expect-close.ts";
import { goldenCases } from "../support/golden.ts";
import { hashUniform } from "../support/hash.ts";
import { SUBJECTS } from "./backend/subject.ts";
import { inputOf, type LayerCase, LAYERS } from "./catalogue/layers.ts";

const random = (): Generator => new Generator(3);

const gradientsOf = (layer: Layer): (number[] | undefined)[] =>
  layer.parameters().map(({ gradient }) => gradient && Array.from(gradient.toTypedArray()));

const onesLike = (x: Tensor): Tensor => cast(hashUniform(x.shape, 5), x.dtype);

// Output and all gradients of one pass, on the backend that runs.
function passOf(layer: Layer, input: Tensor, gradOutput: Tensor): Tensor[] {
  const output = layer.forward(input);
  const gradInput = layer.backward(gradOutput);
  return [output, gradInput, ...layer.parameters().map(({ gradient }) => gradient!)];
}

// Sums of up to some hundred products in float32, of numbers around 1.
const TOLERANCE_ACROSS_BACKENDS = 1e-5;

const isIndex = ({ input }: LayerCase): boolean => input !== undefined;

describe.each(LAYERS)("the layer $name", (layerCase) => {
  const { shapes } = layerCase;
  const make = (shape: readonly number[]): Layer => layerCase.make(shape, random());

  describe.each(shapes.map((shape) => ({ shape })))(
    "with an input of shape $shape",
    ({ shape }) => {
      const input = (): Tensor => inputOf(layerCase, shape, 1);
      // Whole numbers have no slope, and are no float64.
      const checked = isIndex(layerCase) ? input() : shape;

      test("has gradients that agree with finite differences", () => {
        const report = checkGradients(make(shape), checked);
        const names = report.results.map(({ gradientName }) => gradientName);
        expect(names.length).toBeGreaterThan(0);
        expect(names.includes("gradInput")).toBe(!isIndex(layerCase));
      });

      test.each(SUBJECTS)("gives on the %s backend what it gives in float64", (_, { on }) => {
        const [layer, double] = [make(shape), make(shape)];
        for (const parameter of double.parameters())
          parameter.value = cast(parameter.value, "float64");
        const x = input();
        const gradOutput = cast(hashUniform(layer.outputShape(shape)!, 5), "float32");
        const exact = isIndex(layerCase) ? x : cast(x, "float64");
        const expected = passOf(double, exact, cast(gradOutput, "float64"));
        const actual = on(() => passOf(layer, x, gradOutput));
        expect(actual).toHaveLength(expected.length);
        for (const [index, value] of expected.entries()) {
          const plain = { shape: value.shape, data: value.toTypedArray() };
          expectClose(actual[index]!, plain, TOLERANCE_ACROSS_BACKENDS);
        }
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
        expect(() => checkGradients(make(shape).eval(), checked)).not.toThrow();
      });
    },
  );

  test("refuses backward before forward, naming the fix", () => {
    const [shape] = shapes;
    const layer = make(shape);
    expect(() => layer.backward(hashUniform(shape, 1))).toThrow(StateError);
    expect(() => layer.backward(hashUniform(shape, 1))).toThrow("Call forward first");
  });

  test("refuses a gradient of another shape than the output", () => {
    const [shape] = shapes;
    const layer = make(shape);
    const output = layer.forward(inputOf(layerCase, shape, 1));
    const wrong = cast(hashUniform([...output.shape.slice(0, -1), 9], 1), "float32");
    expect(() => layer.backward(wrong)).toThrow(ShapeError);
    expect(() => layer.backward(wrong)).toThrow("belongs to the last forward call");
  });

  test("shows its name in a notebook", () => {
    const layer = make(shapes[0]);
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
