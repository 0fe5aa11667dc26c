// Curves of any length in little memory: short ones exactly, long ones as means.
import { expect, test } from "vitest";
import { ThinnedCurve } from "../../../lib/training/thinned-curve.ts";

function curveOf(length: number): { x: number[]; y: number[] } {
  const curve = new ThinnedCurve();
  for (let x = 0; x < length; x += 1) curve.add(x, 2 * x);
  return curve.lists;
}

test("a short curve is kept as it is", () => {
  expect(curveOf(3)).toEqual({ x: [0, 1, 2], y: [0, 2, 4] });
});

test("of a long curve at most 240 points are kept, each the mean of its stretch", () => {
  const { x, y } = curveOf(100_000);
  expect(x.length).toBeLessThan(240);
  expect(x.length).toBeGreaterThan(100);
  expect(y).toEqual(x.map((value) => 2 * value));
  const distances = x.slice(1).map((value, index) => value - (x[index] ?? 0));
  expect(new Set(distances).size).toBe(1);
});

test("one value that is not finite spoils only its own stretch", () => {
  const curve = new ThinnedCurve();
  for (let x = 0; x < 1000; x += 1) curve.add(x, x === 500 ? Number.NaN : 1);
  expect(curve.lists.y.filter(Number.isNaN)).toHaveLength(1);
});
