// Walking memory by strides: axes merge into long runs, and every index is visited once, in order.
import { expect, test } from "vitest";
import { copyRun, forEachRun } from "../../../../lib/backends/typescript/strided.ts";

function runs(shape: number[], strides: number[][]): { length: number; at: number[] }[] {
  const seen: { length: number; at: number[] }[] = [];
  const starts = strides.map(() => 0);
  forEachRun(shape, strides, starts, ({ length, at }) => seen.push({ length, at: [...at] }));
  return seen;
}

test("equal shapes are one single run", () => {
  const strides = [12, 4, 1];
  expect(runs([2, 3, 4], [strides, strides])).toEqual([{ length: 24, at: [0, 0] }]);
});

test("a scalar operand does not break the run, a row makes one run of each row", () => {
  expect(
    runs(
      [2, 3],
      [
        [3, 1],
        [0, 0],
      ],
    ),
  ).toEqual([{ length: 6, at: [0, 0] }]);
  expect(
    runs(
      [2, 3],
      [
        [3, 1],
        [0, 1],
      ],
    ),
  ).toEqual([
    { length: 3, at: [0, 0] },
    { length: 3, at: [3, 0] },
  ]);
});

test("axes of length 1 do not count, and a scalar is a run of one", () => {
  expect(runs([2, 1, 3], [[3, 99, 1]])).toEqual([{ length: 6, at: [0] }]);
  expect(runs([], [[]])).toEqual([{ length: 1, at: [0] }]);
});

test("negative steps walk backwards from the start, in long and short copies", () => {
  for (const length of [3, 50]) {
    const source = Float32Array.from({ length }, (_, i) => i);
    const [backwards, forwards] = [new Float32Array(length), new Float32Array(length)];
    forEachRun([length], [[1], [-1]], [0, length - 1], (run) => copyRun(backwards, source, run));
    forEachRun([length], [[1], [1]], [0, 0], (run) => copyRun(forwards, source, run));
    expect(backwards).toEqual(source.toReversed());
    expect(forwards).toEqual(source);
  }
});
