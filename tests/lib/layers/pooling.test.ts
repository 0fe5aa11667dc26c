// Pooling layers: cases computed by hand, the stride that is meant, and inputs that do not fit.
import { describe, expect, test } from "vitest";
import { withBackend } from "../../../lib/backends/select.ts";
import { typescriptBackend } from "../../../lib/backends/typescript/index.ts";
import {
  AvgPool2d,
  GlobalAvgPool2d,
  GlobalMaxPool2d,
  type Layer,
  MaxPool2d,
  maxPool2d,
  ones,
  ShapeError,
  tensor,
} from "../../../lib/index.ts";

const IMAGE = tensor([
  [
    [
      [1, 2, 5, 0],
      [4, 3, 6, 1],
    ],
  ],
]);

const both = (layer: Layer, gradOutput: number[][][][] | number[][]): [unknown, unknown] => {
  const output = layer.forward(IMAGE);
  return [output.toArray(), layer.backward(tensor(gradOutput)).toArray()];
};

test("one NaN is the largest number of its window in plain loops, wherever it stands", () => {
  for (const place of [0, 1, 2, 3]) {
    const x = tensor([[[0, 1].map((y) => [0, 1].map((u) => (2 * y + u === place ? NaN : 1)))]]);
    const largest = withBackend(typescriptBackend, () => maxPool2d(x, { kernelSize: 2 }));
    expect(largest.item()).toBeNaN();
  }
});

describe("pooling layers", () => {
  test("max-pooling keeps the largest of each window, and gives it the gradient", () => {
    const [output, gradInput] = both(new MaxPool2d({ kernelSize: 2 }), [[[[10, 20]]]]);
    expect(output).toEqual([[[[4, 6]]]]);
    expect(gradInput).toEqual([
      [
        [
          [0, 0, 0, 0],
          [10, 0, 20, 0],
        ],
      ],
    ]);
  });

  test("average pooling keeps the mean, and shares the gradient out", () => {
    const [output, gradInput] = both(new AvgPool2d({ kernelSize: 2 }), [[[[4, 8]]]]);
    expect(output).toEqual([[[[2.5, 3]]]]);
    expect(gradInput).toEqual([
      [
        [
          [1, 1, 2, 2],
          [1, 1, 2, 2],
        ],
      ],
    ]);
  });

  test("global pooling leaves one number for each channel", () => {
    expect(both(new GlobalAvgPool2d(), [[8]])).toEqual([
      [[2.75]],
      [
        [
          [
            [1, 1, 1, 1],
            [1, 1, 1, 1],
          ],
        ],
      ],
    ]);
    const [largest, gradInput] = both(new GlobalMaxPool2d(), [[8]]);
    expect(largest).toEqual([[6]]);
    expect(gradInput).toEqual([
      [
        [
          [0, 0, 0, 0],
          [0, 0, 8, 0],
        ],
      ],
    ]);
  });

  test("the stride is the kernel's size unless given", () => {
    expect(new MaxPool2d({ kernelSize: [2, 3] }).outputShape([1, 1, 4, 9])).toEqual([1, 1, 2, 3]);
    expect(new MaxPool2d({ kernelSize: 2, stride: 1 }).outputShape([1, 1, 4, 9])).toEqual([
      1, 1, 3, 8,
    ]);
  });

  test("say what to change when the window is larger than the image", () => {
    const pool = new AvgPool2d({ kernelSize: 3 });
    expect(() => pool.forward(ones([1, 1, 2, 2]))).toThrow(ShapeError);
    expect(() => pool.forward(ones([1, 1, 2, 2]))).toThrow("Use a smaller kernel");
    expect(pool.toString()).toBe("AvgPool2d(3 x 3)");
  });
});
