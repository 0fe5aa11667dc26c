// Statistics by hand, digits kept beside a large mean, and what is refused.
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  batchStatistics,
  normalise,
  ShapeError,
  tensor,
} from "../../../lib/index.ts";

const columns = tensor([
  [1, 10],
  [3, 10],
]);

describe("batchStatistics and normalise", () => {
  test("divide by the number of elements, column by column", () => {
    const { mean, variance } = batchStatistics(columns, { axes: [0] });
    expect(mean.toArray()).toEqual([[2, 10]]);
    expect(variance.toArray()).toEqual([[1, 0]]);
  });

  test("bring every column to mean 0, and a constant one to 0", () => {
    const statistics = batchStatistics(columns, { axes: [0] });
    expect(normalise(columns, { ...statistics, epsilon: 3 }).toArray()).toEqual([
      [-0.5, 0],
      [0.5, 0],
    ]);
  });

  test("lose no digits beside a large mean", () => {
    const far = tensor([1e8 - 1, 1e8 + 1], { dtype: "float64" });
    expect(batchStatistics(far, { axes: [0] }).variance.toArray()).toEqual([1]);
  });

  test("refuse an epsilon below 0 and axes that are not there", () => {
    const statistics = batchStatistics(columns, { axes: [0] });
    expect(() => normalise(columns, { ...statistics, epsilon: -1 })).toThrow(ArgumentError);
    expect(() => batchStatistics(columns, { axes: [2] })).toThrow(ShapeError);
    expect(() => batchStatistics(columns, { axes: [] })).toThrow("at least one axis");
  });
});
