// The contract of element-by-element primitives: arithmetic, comparisons, functions, casts, choices.
import { describe, expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import { at, build, numbers, toTensor } from "../../support/arrays.ts";
import { expectClose } from "../../support/expect-close.ts";
import type { Subject } from "./subject.ts";

type Op = (a: lib.Tensor, b: lib.Tensor) => lib.Tensor;
type Rule = (a: number, b: number) => number;

const BINARY: readonly [string, Op, Rule][] = [
  ["add", lib.add, (a, b) => a + b],
  ["sub", lib.sub, (a, b) => a - b],
  ["mul", lib.mul, (a, b) => a * b],
  ["div", lib.div, (a, b) => a / b],
  ["maximum", lib.maximum, (a, b) => (a > b || Number.isNaN(a) ? a : b)],
  ["minimum", lib.minimum, (a, b) => (a < b || Number.isNaN(a) ? a : b)],
  ["equal", lib.equal, (a, b) => Number(a === b)],
  ["greater", lib.greater, (a, b) => Number(a > b)],
  ["less", lib.less, (a, b) => Number(a < b)],
];

// Every position in which an axis can repeat, and axes of length 1.
const SHAPES: [number[], number[], number[]][] = [
  [[], [], []],
  [[1], [], [1]],
  [[3], [3], [3]],
  [[1, 1], [1], [1, 1]],
  [[2, 3], [3], [2, 3]],
  [[3], [2, 3], [2, 3]],
  [
    [2, 3],
    [2, 1],
    [2, 3],
  ],
  [
    [2, 1],
    [1, 3],
    [2, 3],
  ],
  [[2, 3], [], [2, 3]],
  [
    [2, 3, 4],
    [3, 1],
    [2, 3, 4],
  ],
  [
    [2, 1, 4],
    [3, 4],
    [2, 3, 4],
  ],
  [
    [2, 1, 4],
    [1, 3, 1],
    [2, 3, 4],
  ],
  [
    [1, 3, 1, 2],
    [2, 1, 4, 1],
    [2, 3, 4, 2],
  ],
];

const SPECIAL = [NaN, Infinity, -Infinity, 0, -0, 1.5, -2];

const UNARY: readonly [string, (x: lib.Tensor) => lib.Tensor, (x: number) => number][] = [
  ["neg", lib.neg, (x) => -x],
  ["exp", lib.exp, Math.exp],
  ["log", lib.log, Math.log],
  ["sqrt", lib.sqrt, Math.sqrt],
  ["abs", lib.abs, Math.abs],
  ["reciprocal", lib.reciprocal, (x) => 1 / x],
  ["tanh", lib.tanh, (x) => 1 - 2 / (Math.exp(2 * x) + 1)],
  ["sigmoid", lib.sigmoid, (x) => 1 / (1 + Math.exp(-x))],
  ["erf", lib.erf, erf],
  ["relu", lib.relu, (x) => (x > 0 || Number.isNaN(x) ? x : 0)],
  ["reluMask", lib.reluMask, (x) => (Number.isNaN(x) ? NaN : Number(x > 0))],
];

/** Runs the contract of element-by-element primitives. */
export function elementwiseContract({ on, dtypes, tolerance }: Subject): void {
  describe.each(SHAPES)("shapes %j and %j", (shapeA, shapeB, shape) => {
    test.each(dtypes)("broadcast in %s for every arithmetic op and comparison", (dtype) => {
      const [a, b] = [numbers(shapeA, 1, { dtype }), numbers(shapeB, 2, { dtype })];
      for (const [, op, rule] of BINARY) {
        const expected = build(shape, (index) => rule(at(a, index), at(b, index)));
        const actual = on(() => op(toTensor(a), toTensor(b)));
        expectClose(actual, expected, tolerance(dtype));
      }
    });

    test.each(dtypes)("where in %s chooses by a condition that broadcasts too", (dtype) => {
      const [a, b] = [numbers(shapeA, 1, { dtype }), numbers(shapeB, 2, { dtype })];
      for (const conditionShape of [shape, shapeA, []]) {
        const condition = numbers(conditionShape, 3, { dtype: "bool" });
        const expected = build(shape, (index) => at(at(condition, index) === 1 ? a : b, index));
        const actual = on(() => lib.where(toTensor(condition), toTensor(a), toTensor(b)));
        expectClose(actual, expected, tolerance(dtype));
      }
    });
  });

  test("int32 arithmetic wraps around at 32 bits and keeps the last bits of products", () => {
    const a = { shape: [3], data: Int32Array.of(2147483647, -2147483648, 123456789) };
    const b = { shape: [3], data: Int32Array.of(1, 1, 987654321) };
    const result = on(() => [lib.add, lib.sub, lib.mul].map((op) => op(toTensor(a), toTensor(b))));
    expect(result.map((each) => each.dtype)).toEqual(["int32", "int32", "int32"]);
    expect(result.map((each) => each.toArray())).toEqual([
      [-2147483648, -2147483647, 1111111110],
      [2147483646, 2147483647, -864197532],
      [2147483647, -2147483648, -67153019],
    ]);
  });

  test("a plain number stands for a scalar of the other operand's element type", () => {
    const x = on(() => lib.tensor([1, 2], { dtype: "int32" }));
    expect(on(() => lib.sub(10, x)).toArray()).toEqual([9, 8]);
    expect(on(() => lib.mul(x, 3)).dtype).toBe("int32");
  });

  test.each(dtypes)("NaN, infinities and zeros in %s meet as IEEE 754 says", (dtype) => {
    const shape = [SPECIAL.length, SPECIAL.length];
    const a = { shape: [SPECIAL.length, 1], data: toType(dtype, SPECIAL) };
    const b = { shape: [SPECIAL.length], data: toType(dtype, SPECIAL) };
    for (const [, op, rule] of BINARY) {
      const expected = build(shape, (index) => rule(at(a, index), at(b, index)));
      const actual = on(() => op(toTensor(a), toTensor(b)));
      expectClose(actual, expected, tolerance(dtype));
    }
  });

  test.each(UNARY)("%s follows its formula, special values too", (_, op, rule) => {
    for (const dtype of dtypes) {
      for (const shape of [[], [1], [2, 3, 5]]) {
        const x = numbers(shape, 4, { dtype });
        const actual = on(() => op(toTensor(x)));
        expectClose(
          actual,
          build(shape, (index) => rule(at(x, index))),
          tolerance(dtype),
        );
      }
      const special = { shape: [SPECIAL.length], data: toType(dtype, SPECIAL) };
      const actual = on(() => op(toTensor(special)));
      const expected = { shape: special.shape, data: Array.from(special.data, rule) };
      expectClose(actual, expected, tolerance(dtype));
    }
  });

  const float64 = dtypes.filter((dtype) => dtype === "float64");
  test.each(float64)("sigmoid in %s keeps its digits where the plain formula overflows", () => {
    const x = toTensor({ shape: [4], data: Float64Array.of(-720, -40, 40, 800) });
    const [a, b, c, d] = on(() => lib.sigmoid(x)).toArray() as number[];
    expect(a).toBe(Math.exp(-720));
    expect([c, d]).toEqual([1, 1]);
    expect(Math.abs(b! / Math.exp(-40) - 1)).toBeLessThan(1e-14);
  });

  test("neg and abs work on int32 too", () => {
    const x = on(() => lib.tensor([-3, 0, 2], { dtype: "int32" }));
    expect(on(() => lib.abs(x)).toArray()).toEqual([3, 0, 2]);
    expect(on(() => lib.neg(x)).toArray()).toEqual([3, 0, -2]);
  });

  test("cast cuts fractions towards zero, and makes true of every number but 0", () => {
    const x = on(() => lib.tensor([-1.7, -0.4, 0, 0.6, 2.9]));
    expect(on(() => lib.cast(x, "int32")).toArray()).toEqual([-1, 0, 0, 0, 2]);
    expect(on(() => lib.cast(x, "bool")).toArray()).toEqual([true, true, false, true, true]);
    const outside = on(() => lib.tensor([NaN, Infinity, -Infinity, 1e20, -1e20, 2 ** 31]));
    expect(on(() => lib.cast(outside, "int32")).toArray()).toEqual(Array(6).fill(-(2 ** 31)));
    const flags = on(() => lib.tensor([true, false]));
    expect(on(() => lib.cast(flags, "float32")).toArray()).toEqual([1, 0]);
  });
}

// 2 / sqrt(pi) * sum over n of (-1)^n x^(2n + 1) / (n! (2n + 1)), for the small numbers of this suite.
function erf(x: number): number {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? NaN : Math.sign(x);
  let [power, sum] = [x, x];
  for (let n = 1; n < 60; n++) {
    power *= (-x * x) / n;
    sum += power / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function toType(dtype: lib.DType, values: readonly number[]): lib.TypedArray {
  return dtype === "float64" ? Float64Array.from(values) : Float32Array.from(values);
}
