// GELU: known values, and how far the approximation is from it.
import { describe, expect, test } from "vitest";
import { GELU, tensor } from "../../../lib/index.ts";

const numbers = [-3, -1, 0, 0.5, 1, 4];

describe("GELU", () => {
  test("weighs a number by the share of normal numbers below it", () => {
    const output = new GELU().forward(tensor([-1, 0, 1])).toArray();
    // Phi(1) = 0.841344746...
    expect(output).toEqual([expect.closeTo(-0.158655, 5), 0, expect.closeTo(0.841345, 5)]);
  });

  test("has an approximation that differs by less than 0.001", () => {
    const exact = new GELU().forward(tensor(numbers)).toTypedArray();
    const close = new GELU({ approximate: "tanh" }).forward(tensor(numbers)).toTypedArray();
    for (const [index, value] of exact.entries()) {
      expect(Math.abs(value - close[index]!)).toBeLessThan(0.001);
    }
    expect(Array.from(close)).not.toEqual(Array.from(exact));
  });
});
