// The contract of products: every flag, batch axes that broadcast, and sizes around the tile of a fast implementation.
import { describe, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import { at, build, numbers, type Plain, toTensor } from "../../support/arrays.ts";
import { expectClose } from "../../support/expect-close.ts";
import type { Subject } from "./subject.ts";

const SIZES = [
  [1, 1, 1],
  [1, 5, 1],
  [4, 4, 4],
  [3, 7, 5],
  [5, 1, 9],
  [8, 257, 6],
  [2, 600, 3],
] as const;

const BATCHES: [number[], number[], number[]][] = [
  [[], [], []],
  [[2], [2], [2]],
  [[2], [], [2]],
  [[], [3], [3]],
  [[1], [3], [3]],
  [[2, 1], [3], [2, 3]],
];

const swap = (shape: number[]): number[] => [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];

/** Runs the contract of products. */
export function productContract({ on, dtypes, tolerance }: Subject): void {
  describe.each(SIZES)("%i x %i x %i", (m, k, n) => {
    test.each([
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ])("matmul with transposeA %s and transposeB %s is the sum of products", (ta, tb) => {
      for (const dtype of dtypes) {
        const a = numbers(ta ? [k, m] : [m, k], 1, { dtype });
        const b = numbers(tb ? [n, k] : [k, n], 2, { dtype });
        const expected = build([m, n], ([i, j]) => {
          let sum = 0;
          for (let p = 0; p < k; p++) {
            sum += at(a, ta ? [p, i!] : [i!, p]) * at(b, tb ? [j!, p] : [p, j!]);
          }
          return 0.5 * sum;
        });
        const options = { transposeA: ta, transposeB: tb, alpha: 0.5 };
        const actual = on(() => lib.matmul(toTensor(a), toTensor(b), options));
        expectClose(actual, expected, k * tolerance(dtype));
      }
    });

    test("affine adds the bias to every row", () => {
      const [x, weight, bias] = [numbers([m, k], 1), numbers([k, n], 2), numbers([n], 3)];
      const product = (i: number, j: number): number => innerProduct(x, weight, i, j);
      const expected = build([m, n], ([i, j]) => product(i!, j!) + at(bias, [j!]));
      const actual = on(() => lib.affine(toTensor(x), toTensor(weight), toTensor(bias)));
      expectClose(actual, expected, k * tolerance("float32"));
    });
  });

  test.each(BATCHES)("batch axes %j and %j broadcast to %j", (batchA, batchB, batch) => {
    const a = numbers([...batchA, 3, 5], 1);
    const b = numbers([...batchB, 5, 2], 2);
    const expected = build([...batch, 3, 2], (index) => {
      const [lead, i, j] = [index.slice(0, -2), index.at(-2)!, index.at(-1)!];
      let sum = 0;
      for (let p = 0; p < 5; p++) sum += at(a, [...lead, i, p]) * at(b, [...lead, p, j]);
      return sum;
    });
    const plain = on(() => lib.matmul(toTensor(a), toTensor(b)));
    expectClose(plain, expected, 5 * tolerance("float32"));
    const transposed = on(() => {
      const flipped = (x: lib.Tensor): lib.Tensor => {
        const axes = x.shape.map((_, axis) => axis);
        return lib.transpose(x, swap(axes));
      };
      const options = { transposeA: true, transposeB: true };
      return lib.matmul(flipped(toTensor(a)), flipped(toTensor(b)), options);
    });
    expectClose(transposed, expected, 5 * tolerance("float32"));
  });

  test("a NaN spoils its own row of the product and no other", () => {
    const a = lib.tensor([
      [1, NaN],
      [1, 2],
    ]);
    const actual = on(() => lib.matmul(a, lib.eye(2)));
    expectClose(actual, { shape: [2, 2], data: [NaN, NaN, 1, 2] }, 0);
  });
}

function innerProduct(a: Plain, b: Plain, i: number, j: number): number {
  let sum = 0;
  for (let p = 0; p < a.shape[1]!; p++) sum += at(a, [i, p]) * at(b, [p, j]);
  return sum;
}
