// The error function against tabulated digits, at its ends, and across the switch between its two expansions.
import { expect, test } from "vitest";
import { erf } from "../../../../lib/backends/typescript/error-function.ts";

// Abramowitz & Stegun, "Handbook of Mathematical Functions", table 7.1.
test.each([
  [0, 0],
  [0.02, 0.022564574692],
  [0.5, 0.5204998778],
  [1, 0.8427007929],
  [1.5, 0.9661051465],
  [2, 0.995322265],
])("erf(%f) is %f to the ten digits of the table, and odd", (x, value) => {
  expect(erf(x)).toBeCloseTo(value, 10);
  expect(erf(-x)).toBe(-erf(x));
});

test("both expansions agree where they meet", () => {
  const [below, above] = [erf(2 - 1e-12), erf(2)];
  // The slope there is 2 / sqrt(pi) * e^-4 = 0.0207.
  expect(Math.abs(above - below - 0.0207e-12)).toBeLessThan(1e-15);
});

test("the ends are exact and NaN stays NaN", () => {
  expect([erf(Infinity), erf(-Infinity), erf(7), erf(-7)]).toEqual([1, -1, 1, -1]);
  expect(erf(NaN)).toBeNaN();
});
