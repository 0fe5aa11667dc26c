// The contract of reductions: every set of axes, kept or not, and the rows of softmax.
import { describe, expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import { at, build, count, indices, numbers, type Plain, toTensor } from "../../support/arrays.ts";
import { expectClose } from "../../support/expect-close.ts";
import type { Subject } from "./subject.ts";

const CASES: [number[], number[]][] = [
  [[1], [0]],
  [[4], [0]],
  [
    [2, 3],
    [0, 1],
  ],
  [[2, 3], [0]],
  [[2, 3], [1]],
  [[2, 3], [-1]],
  [[1, 3], [0]],
  [[2, 3, 4], [1]],
  [
    [2, 3, 4],
    [0, 2],
  ],
  [
    [2, 3, 4],
    [2, 1],
  ],
  [
    [2, 3, 4, 5],
    [1, 3],
  ],
];

/** Runs the contract of reductions. */
export function reductionContract({ on, dtypes, tolerance }: Subject): void {
  describe.each(CASES)("shape %j over axes %j", (shape, axes) => {
    test.each(dtypes)("sum, mean and max in %s see each element once", (dtype) => {
      const x = numbers(shape, 1, { dtype });
      const reduced = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
      for (const keepDims of [false, true]) {
        const options = { axes, keepDims };
        const groups = groupsOf(x, reduced, keepDims);
        const terms = count(reduced.map((axis) => shape[axis]!));
        const sums = { shape: groups.shape, data: groups.data.map(total) };
        const means = { shape: groups.shape, data: sums.data.map((sum) => sum / terms) };
        const largest = { shape: groups.shape, data: groups.data.map((all) => Math.max(...all)) };
        expectClose(
          on(() => lib.sum(toTensor(x), options)),
          sums,
          10 * tolerance(dtype),
        );
        expectClose(
          on(() => lib.mean(toTensor(x), options)),
          means,
          10 * tolerance(dtype),
        );
        expectClose(
          on(() => lib.max(toTensor(x), options)),
          largest,
          tolerance(dtype),
        );
      }
    });
  });

  test("without axes everything becomes one scalar, and a scalar stays itself", () => {
    const x = lib.tensor([
      [1, 2],
      [3, -4],
    ]);
    expect(on(() => lib.sum(x)).item()).toBe(2);
    expect(on(() => lib.mean(x)).shape).toEqual([]);
    expect(on(() => lib.max(x)).item()).toBe(3);
    expect(on(() => lib.sum(lib.tensor(5))).item()).toBe(5);
  });

  test("int32 sums stay int32", () => {
    const x = lib.tensor([[1, 2, 3]], { dtype: "int32" });
    const total = on(() => lib.sum(x, { axes: [1] }));
    expect([total.dtype, total.toArray()]).toEqual(["int32", [6]]);
  });

  test("a float32 sum of many small numbers does not lose them", () => {
    const x = lib.full([100_000], 0.1);
    const exact = 100_000 * Math.fround(0.1);
    expect(Math.abs(on(() => lib.sum(x)).item() / exact - 1)).toBeLessThan(1e-6);
  });

  test("sum and max of NaN are NaN, and an infinity stays one", () => {
    const x = lib.tensor([
      [1, NaN, 2],
      [1, Infinity, 2],
      [-Infinity, -Infinity, -Infinity],
    ]);
    expect(on(() => lib.sum(x, { axes: [1] })).toArray()).toEqual([NaN, Infinity, -Infinity]);
    expect(on(() => lib.max(x, { axes: [1] })).toArray()).toEqual([NaN, Infinity, -Infinity]);
  });

  test.each([[0], [1], [2], [-1]])("argMax along axis %i finds the first largest", (axis) => {
    const x = numbers([3, 4, 5], 7, { dtype: "int32" });
    const along = axis < 0 ? axis + 3 : axis;
    const groups = groupsOf(x, [along], false);
    const expected = groups.data.map((all) => all.indexOf(Math.max(...all)));
    const actual = on(() => lib.argMax(toTensor(x), { axis }));
    expect(actual.dtype).toBe("int32");
    expectClose(actual, { shape: groups.shape, data: expected }, 0);
  });

  test("argMax points at NaN, so that a broken row does not look like a prediction", () => {
    const x = lib.tensor([
      [1, NaN, 3],
      [NaN, NaN, 3],
    ]);
    expect(on(() => lib.argMax(x)).toArray()).toEqual([1, 0]);
  });

  test.each([[[1]], [[5]], [[3, 1]], [[2, 3, 4]]])("softmax of %j sums to one", (shape) => {
    for (const dtype of dtypes) {
      const x = numbers(shape, 8, { dtype });
      const classes = shape.at(-1)!;
      const rowSum = (index: number[]): number =>
        total(
          Array.from({ length: classes }, (_, j) => Math.exp(at(x, [...index.slice(0, -1), j]))),
        );
      const probability = build(shape, (index) => Math.exp(at(x, index)) / rowSum(index));
      const logarithm = build(shape, (index) => at(x, index) - Math.log(rowSum(index)));
      expectClose(
        on(() => lib.softmax(toTensor(x))),
        probability,
        tolerance(dtype),
      );
      expectClose(
        on(() => lib.logSoftmax(toTensor(x))),
        logarithm,
        4 * tolerance(dtype),
      );
    }
  });

  describe.each(CASES)("statistics of shape %j over axes %j", (shape, axes) => {
    test.each(dtypes)("are mean and variance in %s, and normalise by them", (dtype) => {
      const x = numbers(shape, 1, { dtype });
      const reduced = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
      const groups = groupsOf(x, reduced, true);
      const means = groups.data.map((all) => total(all) / all.length);
      const variances = groups.data.map(
        (all, k) => total(all.map((value) => (value - means[k]!) ** 2)) / all.length,
      );
      const [middle, variance, normal] = on(() => {
        const statistics = lib.batchStatistics(toTensor(x), { axes });
        const normalised = lib.normalise(toTensor(x), { ...statistics, epsilon: 0.1 });
        return [statistics.mean, statistics.variance, normalised] as const;
      });
      const bound = 10 * tolerance(dtype);
      expectClose(middle, { shape: groups.shape, data: means }, bound);
      expectClose(variance, { shape: groups.shape, data: variances }, bound);
      const of = (data: readonly number[], index: number[]): number =>
        at(
          { shape: groups.shape, data },
          index.map((i, axis) => (reduced.includes(axis) ? 0 : i)),
        );
      const expected = build(
        shape,
        (index) => (at(x, index) - of(means, index)) / Math.sqrt(of(variances, index) + 0.1),
      );
      expectClose(normal, expected, bound);
    });
  });

  test.each(dtypes)("statistics keep their digits beside a large mean in %s", (dtype) => {
    const far = lib.tensor([1e6 - 1, 1e6 + 1], { dtype });
    const { variance } = on(() => lib.batchStatistics(far, { axes: [0] }));
    expect(variance.toArray()).toEqual([1]);
  });

  test("softmax neither overflows nor underflows for huge scores", () => {
    const x = lib.tensor([[1000, 1000, -1000]]);
    expect(on(() => lib.softmax(x)).toArray()).toEqual([[0.5, 0.5, 0]]);
    expect(on(() => lib.logSoftmax(x)).toArray()).toEqual(
      [
        [Math.fround(-Math.log(2)), Math.fround(-Math.log(2)), -2000 + Math.fround(-Math.log(2))],
      ].map((row) => row.map(Math.fround)),
    );
  });

  test("a score of -Infinity gets probability 0, and a row of nothing else is NaN", () => {
    const x = lib.tensor([
      [0, -Infinity],
      [-Infinity, -Infinity],
    ]);
    expect(on(() => lib.softmax(x)).toArray()).toEqual([
      [1, 0],
      [NaN, NaN],
    ]);
  });
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

// For every element of the result the list of elements of `x` that flow into it.
function groupsOf(
  x: Plain,
  axes: readonly number[],
  keepDims: boolean,
): { shape: number[]; data: number[][] } {
  const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const data = indices(kept).map((start) =>
    indices(x.shape)
      .filter((index) => index.every((i, axis) => axes.includes(axis) || i === start[axis]))
      .map((index) => at(x, index)),
  );
  return { shape: keepDims ? kept : kept.filter((_, axis) => !axes.includes(axis)), data };
}
