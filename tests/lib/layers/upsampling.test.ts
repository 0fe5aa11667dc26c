// Upsampling by the nearest pixel: blocks of equal pixels, gradients that add up over a block, and what it refuses.
// Covers: lib/ops/upsampling.ts
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  ones,
  ShapeError,
  tensor,
  UpsampleNearest2d,
  upsampleNearest,
} from "../../../lib/index.ts";

describe("upsampling", () => {
  test("makes a block of each pixel, and adds up the gradient over the block", () => {
    const layer = new UpsampleNearest2d({ scale: [2, 3] });
    const output = layer.forward(tensor([[[[1, 2]]]]));
    const rows = [
      [1, 1, 1, 2, 2, 2],
      [1, 1, 1, 2, 2, 2],
    ];
    expect(output.toArray()).toEqual([[rows]]);
    const gradInput = layer.backward(
      tensor([
        [
          [
            [1, 2, 3, 10, 20, 30],
            [4, 5, 6, 40, 50, 60],
          ],
        ],
      ]),
    );
    expect(gradInput.toArray()).toEqual([[[[21, 210]]]]);
    expect(layer.toString()).toBe("UpsampleNearest2d(2 x 3)");
  });

  test("refuses scales that are no whole numbers, and what is no image", () => {
    expect(() => new UpsampleNearest2d({ scale: 1.5 })).toThrow(ArgumentError);
    expect(() => new UpsampleNearest2d({ scale: 1.5 })).toThrow(
      "UpsampleNearest2d: scale must be a whole number from 1 on, got 1.5.",
    );
    expect(() => upsampleNearest(ones([1, 1, 2, 2]), 0)).toThrow("upsampleNearest: scale must be");
    expect(() => upsampleNearest(ones([2, 2]), 2)).toThrow(ShapeError);
  });
});
