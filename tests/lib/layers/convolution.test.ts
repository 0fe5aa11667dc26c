// Convolution layers: cases computed by hand, first weights, and settings that do not fit together.
// Covers: lib/layers/transposed-convolution.ts
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  Conv2d,
  ConvTranspose2d,
  Generator,
  ones,
  ShapeError,
  tensor,
} from "../../../lib/index.ts";

const random = new Generator(1);

const IMAGE = tensor([
  [
    [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ],
  ],
]);

const KERNEL = tensor([
  [
    [
      [1, 0],
      [0, 2],
    ],
  ],
]);

describe("the convolution layer", () => {
  const layer = (): Conv2d => {
    const conv = new Conv2d({ inChannels: 1, outChannels: 1, kernelSize: 2, random });
    conv.weight.value = KERNEL;
    conv.bias.value = tensor([10]);
    return conv;
  };

  test("does not turn the kernel around", () => {
    // 1 * 1 + 2 * 5 + 10 = 21
    expect(layer().forward(IMAGE).toArray()).toEqual([
      [
        [
          [21, 24],
          [30, 33],
        ],
      ],
    ]);
  });

  test("hands every output's gradient back to its window", () => {
    const conv = layer();
    conv.forward(IMAGE);
    const gradInput = conv.backward(
      tensor([
        [
          [
            [1, 0],
            [0, 10],
          ],
        ],
      ]),
    );
    expect(gradInput.toArray()).toEqual([
      [
        [
          [1, 0, 0],
          [0, 12, 0],
          [0, 0, 20],
        ],
      ],
    ]);
    // weight (0, 0) met 1 under gradient 1 and 5 under gradient 10
    expect(conv.weight.gradient?.toArray()).toEqual([
      [
        [
          [51, 62],
          [84, 95],
        ],
      ],
    ]);
    expect(conv.bias.gradient?.toArray()).toEqual([11]);
  });

  test("keeps the image's size with same padding", () => {
    const conv = new Conv2d({
      inChannels: 1,
      outChannels: 4,
      kernelSize: 5,
      padding: "same",
      random,
    });
    expect(conv.forward(ones([2, 1, 7, 6])).shape).toEqual([2, 4, 7, 6]);
    expect(conv.backward(ones([2, 4, 7, 6])).shape).toEqual([2, 1, 7, 6]);
  });

  test("starts with weights whose spread counts the group's channels alone", () => {
    const conv = new Conv2d({
      inChannels: 4,
      outChannels: 64,
      kernelSize: 3,
      groups: 4,
      random: new Generator(2),
    });
    expect(conv.weight.value.shape).toEqual([64, 1, 3, 3]);
    const bound = Math.sqrt(6 / 9);
    const largest = Math.max(...conv.weight.value.toTypedArray().map(Math.abs));
    expect(largest).toBeLessThanOrEqual(bound);
    expect(largest).toBeGreaterThan(0.9 * bound);
    expect(conv.parameterCount).toBe(64 * 9 + 64);
  });

  test("says what to change when channels or groups do not fit", () => {
    expect(() => layer().forward(ones([1, 3, 4, 4]))).toThrow(ShapeError);
    expect(() => layer().forward(ones([1, 3, 4, 4]))).toThrow("inChannels 3");
    const uneven = { inChannels: 3, outChannels: 4, kernelSize: 1, groups: 2, random };
    expect(() => new Conv2d(uneven)).toThrow(ArgumentError);
    expect(() => new Conv2d(uneven)).toThrow("Use 4 channels");
    expect(layer().toString()).toBe("Conv2d(1 -> 1, 2 x 2)");
  });
});

describe("the transposed convolution layer", () => {
  const layer = (): ConvTranspose2d => {
    const conv = new ConvTranspose2d({
      inChannels: 1,
      outChannels: 1,
      kernelSize: 2,
      stride: 2,
      random,
    });
    conv.weight.value = KERNEL;
    conv.bias.value = tensor([1]);
    return conv;
  };

  test("stamps the kernel once for every input", () => {
    expect(
      layer()
        .forward(tensor([[[[3, 5]]]]))
        .toArray(),
    ).toEqual([
      [
        [
          [4, 1, 6, 1],
          [1, 7, 1, 11],
        ],
      ],
    ]);
  });

  test("goes back by the convolution of the same kernel", () => {
    const conv = layer();
    conv.forward(tensor([[[[3, 5]]]]));
    const gradInput = conv.backward(
      tensor([
        [
          [
            [1, 2, 3, 4],
            [5, 6, 7, 8],
          ],
        ],
      ]),
    );
    expect(gradInput.toArray()).toEqual([[[[13, 19]]]]);
    expect(conv.bias.gradient?.toArray()).toEqual([36]);
  });

  test("adds rows at the end when the size asked for lies between two strides", () => {
    const options = { inChannels: 1, outChannels: 2, kernelSize: 3, stride: 2, padding: 1, random };
    const plain = new ConvTranspose2d(options);
    const larger = new ConvTranspose2d({ ...options, outputPadding: 1 });
    expect(plain.outputShape([1, 1, 4, 4])).toEqual([1, 2, 7, 7]);
    expect(larger.forward(ones([1, 1, 4, 4])).shape).toEqual([1, 2, 8, 8]);
  });

  test("says what to change when the input is no image", () => {
    expect(() => layer().forward(ones([1, 2]))).toThrow(ShapeError);
    expect(() => layer().forward(ones([1, 2]))).toThrow("[batch, channels, height, width]");
    expect(() => layer().forward(ones([1, 2, 3, 3]))).toThrow(ShapeError);
    expect(() => layer().forward(ones([1, 2, 3, 3]))).toThrow(
      "ConvTranspose2d(1 -> 1, 2 x 2): expects images [batch, 1, height, width], got [1, 2, 3, 3]. " +
        "Build the layer with inChannels: 2, or pass images with 1 channels.",
    );
  });

  test("says what to change when paddings do not fit", () => {
    const options = { inChannels: 1, outChannels: 1, kernelSize: 2, random };
    const added = (): unknown => new ConvTranspose2d({ ...options, stride: 2, outputPadding: 2 });
    expect(added).toThrow(ArgumentError);
    expect(added).toThrow(
      "ConvTranspose2d: outputPadding must be smaller than stride, got [2, 2] with stride [2, 2]. Use less",
    );
    const cut = new ConvTranspose2d({ ...options, padding: 2 });
    expect(() => cut.forward(ones([1, 1, 2, 2]))).toThrow(ShapeError);
    expect(() => cut.forward(ones([1, 1, 2, 2]))).toThrow(
      "padding must leave some of the output, got -1 rows and -1 columns for an input of [1, 1, 2, 2]. Use less padding",
    );
  });
});
