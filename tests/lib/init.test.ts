// First weights: their bounds and variances are those of the papers.
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  Generator,
  heNormal,
  heUniform,
  Linear,
  type Tensor,
  xavierNormal,
  xavierUniform,
  zeros,
} from "../../lib/index.ts";

const random = (): Generator => new Generator(5);

function variance(weights: Tensor): number {
  const values = Array.from(weights.toTypedArray());
  const mean = values.reduce((a, b) => a + b) / values.length;
  return values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
}

describe("initialisers", () => {
  // fanIn 300, fanOut 100
  const linear = [300, 100];
  // fanIn 8 * 9, fanOut 16 * 9
  const filters = [16, 8, 3, 3];

  test.each([
    ["xavierUniform", () => xavierUniform(linear, { random: random() }), 2 / 400],
    ["xavierNormal", () => xavierNormal(linear, { random: random() }), 2 / 400],
    ["heUniform", () => heUniform(linear, { random: random() }), 2 / 300],
    ["heNormal", () => heNormal(linear, { random: random() }), 2 / 300],
    ["heNormal, fan out", () => heNormal(linear, { random: random(), fan: "out" }), 2 / 100],
    [
      "heNormal, leaky",
      () => heNormal(linear, { random: random(), negativeSlope: 0.5 }),
      2 / (1.25 * 300),
    ],
    ["xavierNormal of filters", () => xavierNormal(filters, { random: random() }), 2 / (24 * 9)],
    ["heNormal of filters", () => heNormal(filters, { random: random() }), 2 / 72],
  ])("%s has the variance of its paper", (_, draw, expected) => {
    const count = draw().size;
    // A sample variance of normal numbers has a relative standard error of sqrt(2 / count); three of them.
    expect(Math.abs(variance(draw()) / expected - 1)).toBeLessThan(3 * Math.sqrt(2 / count));
  });

  test.each([
    ["xavierUniform", xavierUniform, Math.sqrt(6 / 400)],
    ["heUniform", heUniform, Math.sqrt(6 / 300)],
  ])("%s stays within its bound and nearly reaches it", (_, init, bound) => {
    const sizes = Array.from(init(linear, { random: random() }).toTypedArray(), Math.abs);
    const largest = sizes.reduce((a, b) => Math.max(a, b));
    expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6));
    expect(largest).toBeGreaterThan(0.99 * bound);
  });

  test.each([
    ["xavierUniform", xavierUniform],
    ["xavierNormal", xavierNormal],
    ["heUniform", heUniform],
    ["heNormal", heNormal],
  ])("%s draws float64 numbers when asked to", (_, init) => {
    expect(init([2, 3], { random: random() }).dtype).toBe("float32");
    expect(init([2, 3], { random: random(), dtype: "float64" }).dtype).toBe("float64");
  });

  test("zeros is an initialiser of a layer's weights", () => {
    const layer = new Linear({
      inFeatures: 2,
      outFeatures: 1,
      random: random(),
      initWeight: zeros,
    });
    expect(layer.weight.value.toArray()).toEqual([[0], [0]]);
  });

  test("refuse a shape whose connections cannot be counted", () => {
    expect(() => heNormal([10], { random: random() })).toThrow(ArgumentError);
    expect(() => heNormal([10], { random: random() })).toThrow("Start a bias with zeros(shape)");
  });
});
