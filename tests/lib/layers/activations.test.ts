// The layers without weights: small cases computed by hand, and the ends of their ranges.
// Covers: lib/layers/relu.ts, lib/layers/leaky-relu.ts, lib/layers/sigmoid.ts, lib/layers/tanh.ts, lib/layers/softmax.ts, lib/layers/flatten.ts
import { describe, expect, test } from "vitest";
import {
  Flatten,
  type Layer,
  LeakyReLU,
  ones,
  ReLU,
  Sigmoid,
  Softmax,
  Tanh,
  tensor,
} from "../../../lib/index.ts";
import { expectClose, TOLERANCE } from "../../support/expect-close.ts";

interface HandCase {
  readonly layer: Layer;
  readonly input: readonly number[];
  readonly output: readonly number[];
  /** For a gradOutput of ones. */
  readonly gradInput: readonly number[];
}

const HAND_CASES: HandCase[] = [
  { layer: new ReLU(), input: [-2, 0, 0.0625], output: [0, 0, 0.0625], gradInput: [0, 0, 1] },
  {
    layer: new LeakyReLU({ negativeSlope: 0.25 }),
    input: [-2, 0, 0.0625],
    output: [-0.5, 0, 0.0625],
    gradInput: [0.25, 0.25, 1],
  },
  // sigmoid(log 3) = 3 / 4, and its slope is 3 / 16.
  {
    layer: new Sigmoid(),
    input: [0, Math.log(3), -Math.log(3)],
    output: [0.5, 0.75, 0.25],
    gradInput: [0.25, 0.1875, 0.1875],
  },
  // tanh(log 3) = (3 - 1/3) / (3 + 1/3) = 4 / 5.
  {
    layer: new Tanh(),
    input: [0, Math.log(3), -Math.log(3)],
    output: [0, 0.8, -0.8],
    gradInput: [1, 0.36, 0.36],
  },
  // The outputs always add up to 1, so the gradient of their sum is 0.
  {
    layer: new Softmax(),
    input: [0, Math.log(2), Math.log(5)],
    output: [1 / 8, 2 / 8, 5 / 8],
    gradInput: [0, 0, 0],
  },
];

describe.each(HAND_CASES)("$layer.constructor.name", ({ layer, input, output, gradInput }) => {
  test("gives what was computed by hand", () => {
    const expected = (data: readonly number[]) => ({ shape: [1, 3], data });
    expectClose(layer.forward(tensor([input])), expected(output), TOLERANCE.float32);
    expectClose(layer.backward(ones([1, 3])), expected(gradInput), TOLERANCE.float32);
  });
});

describe("the softmax", () => {
  test("moves one output up and the others down", () => {
    const layer = new Softmax();
    layer.forward(tensor([[0, Math.log(2), Math.log(5)]]));
    // For output 0: p0 (1 - p0), -p0 p1, -p0 p2
    const expected = [7 / 64, -2 / 64, -5 / 64];
    const gradInput = layer.backward(tensor([[1, 0, 0]]));
    expectClose(gradInput, { shape: [1, 3], data: expected }, TOLERANCE.float32);
  });
});

describe("functions that flatten out", () => {
  test.each([
    ["Sigmoid", new Sigmoid(), [0, 1]],
    ["Tanh", new Tanh(), [-1, 1]],
    ["Softmax", new Softmax(), [0, 1]],
  ])("%s stays finite for huge inputs, and its gradient is 0", (_, layer, ends) => {
    expect(layer.forward(tensor([[-1000, 1000]])).toArray()).toEqual([ends]);
    const gradInput = (layer.backward(ones([1, 2])).toArray() as number[][])[0]!;
    expect(gradInput.map(Math.abs)).toEqual([0, 0]);
  });
});

describe("flatten", () => {
  test("joins all axes but the first, and gives the gradient its shape back", () => {
    const layer = new Flatten();
    const images = tensor([
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ]);
    expect(layer.forward(images).toArray()).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    expect(layer.backward(layer.forward(images)).toArray()).toEqual(images.toArray());
  });
});

describe("names", () => {
  test("say the settings", () => {
    expect(String(new LeakyReLU())).toBe("LeakyReLU(0.01)");
    expect(String(new ReLU())).toBe("ReLU");
  });
});
