// What convolutions and pools refuse, and how each message helps.
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  avgPool2d,
  avgPool2dGrad,
  conv2d,
  conv2dGradInput,
  conv2dGradWeight,
  DTypeError,
  maxPool2d,
  maxPool2dGrad,
  ones,
  ShapeError,
} from "../../lib/index.ts";

const image = ones([2, 3, 5, 5]);
const weight = ones([4, 3, 3, 3]);

const REFUSED: [string, () => unknown, new (message: string) => Error, string][] = [
  [
    "an image without a batch axis",
    () => conv2d(ones([3, 5, 5]), weight),
    ShapeError,
    "reshape(x, [1, 3, 5, 5])",
  ],
  ["a table", () => maxPool2d(ones([3, 5]), { kernelSize: 2 }), ShapeError, "grey images"],
  [
    "whole numbers",
    () => conv2d(ones([1, 1, 3, 3], { dtype: "int32" }), weight),
    DTypeError,
    'cast(x, "float32")',
  ],
  [
    "a weight for other channels",
    () => conv2d(image, ones([4, 2, 3, 3])),
    ShapeError,
    "Give the weight 3 input channels, or the input 2.",
  ],
  [
    "channels that do not split into groups",
    () => conv2d(ones([1, 4, 3, 3]), ones([3, 2, 1, 1]), { groups: 2 }),
    ShapeError,
    "multiple of groups",
  ],
  [
    "a kernel larger than the image",
    () => conv2d(ones([1, 3, 2, 2]), weight),
    ShapeError,
    "more padding",
  ],
  [
    "a stride of 0",
    () => conv2d(image, weight, { stride: 0 }),
    ArgumentError,
    "stride must be a whole number from 1 on",
  ],
  [
    "padding by an unknown word",
    () => conv2d(image, weight, { padding: "full" as "same" }),
    ArgumentError,
    'Write "same"',
  ],
  [
    "a pool whose padding is as wide as its kernel",
    () => maxPool2d(image, { kernelSize: [3, 2], padding: [1, 2] }),
    ArgumentError,
    "padding must be smaller than the kernel, got padding [1,2], kernelSize [3, 2], dilation [1, 1] and an image of " +
      "[5, 5]. Use less padding or dilation, or a larger kernel.",
  ],
  [
    "a mean over padding alone",
    () => avgPool2d(image, { kernelSize: 2, padding: 2, countIncludePad: false }),
    ArgumentError,
    "every window must see some of the image",
  ],
  [
    "a window with gaps that steps over the image",
    () => maxPool2d(ones([1, 1, 1, 1]), { kernelSize: 2, padding: 1, dilation: 2 }),
    ArgumentError,
    "Use less padding or dilation",
  ],
  [
    "a gradient of another size, by the input",
    () => conv2dGradInput(ones([2, 4, 4, 4]), weight, { inputSize: 5 }),
    ShapeError,
    "[2, 4, 3, 3] of the output",
  ],
  [
    "a gradient of another size, by the weight",
    () => conv2dGradWeight(image, ones([2, 4, 4, 4]), { kernelSize: 3 }),
    ShapeError,
    "same stride, padding and dilation",
  ],
  [
    "a gradient of another type",
    () => conv2dGradInput(ones([2, 4, 3, 3], { dtype: "float64" }), weight, { inputSize: 5 }),
    DTypeError,
    "same dtype",
  ],
  [
    "a gradient of another size, of a maximum",
    () => maxPool2dGrad(ones([2, 3, 1, 1]), image, ones([2, 3, 2, 2]), { kernelSize: 2 }),
    ShapeError,
    "[2, 3, 2, 2] of the output",
  ],
  [
    "a gradient of another size, of a mean",
    () => avgPool2dGrad(ones([2, 3, 1, 1]), { kernelSize: 2, inputSize: 5 }),
    ShapeError,
    "[2, 3, 2, 2] of the output",
  ],
];

describe("convolutions and pools refuse", () => {
  test.each(REFUSED)("%s", (_, attempt, type, help) => {
    expect(attempt).toThrow(type);
    expect(attempt).toThrow(help);
  });

  test("nothing that can be done: same padding keeps ceil(length / stride) places", () => {
    expect(conv2d(image, weight, { padding: "same", stride: 2 }).shape).toEqual([2, 4, 3, 3]);
    expect(conv2d(image, weight, { padding: "valid" }).shape).toEqual([2, 4, 3, 3]);
    expect(avgPool2d(image, { kernelSize: [2, 5] }).shape).toEqual([2, 3, 2, 1]);
  });
});
