// Tensors of chance: range, centre, element type, and that the generator alone decides.
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  DTypeError,
  Generator,
  randomNormal,
  randomUniform,
  ShapeError,
} from "../../../lib/index.ts";

describe("randomUniform", () => {
  test("fills a shape with numbers from low up to, but not including, high", () => {
    const x = randomUniform(new Generator(1), [50, 40], { low: -3, high: -1 });
    const values = x.toTypedArray();
    expect([x.shape, x.dtype]).toEqual([[50, 40], "float32"]);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-3);
    expect(Math.min(...values)).toBeLessThan(-2.9);
    expect(Math.max(...values)).toBeLessThan(-1);
    expect(Math.max(...values)).toBeGreaterThan(-1.1);
  });

  test("never returns high, even where float32 has no number between", () => {
    const low = 2 ** 24;
    const x = randomUniform(new Generator(1), [100], { low, high: low + 2 });
    expect(new Set(x.toTypedArray())).toEqual(new Set([low]));
  });

  test("goes on in the generator's sequence", () => {
    const random = new Generator(1);
    const first = randomUniform(random, [4]).toArray();
    expect(randomUniform(random, [4]).toArray()).not.toEqual(first);
    expect(randomUniform(new Generator(1), [2, 2]).toTypedArray()).toEqual(
      Float32Array.from(first as number[]),
    );
  });
});

describe("randomNormal", () => {
  test("has the asked mean, standard deviation and element type", () => {
    const options = { mean: 5, standardDeviation: 0.1, dtype: "float64" } as const;
    const x = randomNormal(new Generator(2), [10_000], options);
    const values = [...x.toTypedArray()];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(x.dtype).toBe("float64");
    // Four standard errors.
    expect(Math.abs(mean - 5)).toBeLessThan(0.004);
    expect(Math.abs(Math.sqrt(variance) - 0.1)).toBeLessThan(0.0029);
  });
});

test("impossible ranges and widths are refused with the fix", () => {
  const random = new Generator(1);
  expect(() => randomUniform(random, [2], { low: 1, high: 1 })).toThrow(ArgumentError);
  expect(() => randomUniform(random, [2], { low: 1, high: 0 })).toThrow("Exchange them");
  expect(() => randomUniform(random, [2], { high: Infinity })).toThrow("both finite");
  expect(() => randomNormal(random, [2], { standardDeviation: -1 })).toThrow(ArgumentError);
  expect(() => randomNormal(random, [2], { standardDeviation: NaN })).toThrow("got NaN");
});

test("whole numbers and empty shapes are refused with the fix", () => {
  const random = new Generator(1);
  expect(() => randomUniform(random, [2], { dtype: "int32" })).toThrow(DTypeError);
  expect(() => randomNormal(random, [0])).toThrow(ShapeError);
  expect(() => randomNormal(random, [0])).toThrow("leave an axis out");
});
