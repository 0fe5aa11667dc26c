// How figures write numbers, counts and times.
import { expect, test } from "vitest";
import {
  countOf,
  formatNumber,
  formatPower,
  formatSeconds,
  roundTo,
} from "../../../lib/plot/numbers.ts";

test.each([
  [0, "0"],
  [-0, "0"],
  [7, "7"],
  [0.123456, "0.1235"],
  [-2.5, "−2.5"],
  [0.1 + 0.2, "0.3"],
  [203530, "203,530"],
  [1234.5678, "1,235"],
  [12345678, "1.235e7"],
  [1.2e-5, "1.2e−5"],
  [-1e-9, "−1e−9"],
  [0.001, "0.001"],
  [Number.NaN, "NaN"],
  [Infinity, "∞"],
  [-Infinity, "−∞"],
])("%d is written %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test.each([
  [10_000, "10⁴"],
  [5e-13, "5·10⁻¹³"],
  [2e7, "2·10⁷"],
])("as a power of ten, %d is written %s", (value, text) => {
  expect(formatPower(value)).toBe(text);
});

test.each([
  [0.04, "0.0 s"],
  [9.94, "9.9 s"],
  [9.96, "10 s"],
  [59.6, "1 min 00 s"],
  [185, "3 min 05 s"],
  [7800, "2 h 10 min"],
])("%d seconds are written %s", (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test("counts choose the singular for one", () => {
  expect([countOf(1, "layer"), countOf(2, "layer"), countOf(0, "class", "classes")]).toEqual([
    "1 layer",
    "2 layers",
    "0 classes",
  ]);
});

test("rounding keeps significant digits", () => {
  expect(roundTo(0.123456789, 3)).toBe(0.123);
});
