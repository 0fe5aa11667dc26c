// The product in WebAssembly against the naive one: edges of tiles and blocks, strides, and numbers that are none.
// Covers: lib/backends/webassembly/micro-kernel.ts, lib/backends/matrix.ts
import { expect, test } from "vitest";
import {
  type MatrixView,
  type Multiply,
  type Product,
  transposedView,
} from "../../../../lib/backends/matrix.ts";
import { naiveProduct } from "../../../../lib/backends/typescript/product-naive.ts";
import { webassemblyProduct } from "../../../../lib/backends/webassembly/product.ts";
import { numbers } from "../../../support/arrays.ts";

const multiply = webassemblyProduct()!;

// Around the tile of 4 x 8, and the blocks of 512 rows, 1024 columns and 256 terms.
const SIZES = [
  [1, 1, 1],
  [4, 8, 256],
  [5, 9, 257],
  [3, 7, 600],
  [513, 10, 3],
  [2, 1030, 5],
  [515, 1033, 2],
] as const;

const WAYS = [
  ["as it is", (shape: [number, number], seed: number) => view(shape, seed)],
  [
    "transposed",
    ([rows, columns]: [number, number], seed: number) =>
      transposedView(view([columns, rows], seed)),
  ],
] as const;

for (const [name, matrix] of WAYS) {
  test.each(SIZES)(`%i x %i results over %i terms, memory read ${name}`, (m, n, k) => {
    const [a, b] = [matrix([m, k], 1), matrix([k, n], 2)];
    const bias = numbers([n], 3).data;
    expectSame({ m, n, k, a, b, alpha: 0.25, bias });
    expectSame({ m, n, k, a, b, alpha: 1 });
  });
}

test("the memory of a large product does not spoil a small one after it", () => {
  const large = new Float32Array(64 * 64).fill(NaN);
  const spoiled = { data: large, start: 0, rowStep: 64, columnStep: 1 };
  run(multiply, { m: 64, n: 64, k: 64, a: spoiled, b: spoiled, alpha: 1 });
  expectSame({ m: 3, n: 5, k: 7, a: view([3, 7], 1), b: view([7, 5], 2), alpha: 1 });
});

test("NaN and infinities go where they go in the naive product", () => {
  const a = matrixOf([1, Infinity, 0, NaN, 2, -Infinity], 2);
  const b = matrixOf([1, 0, -1, 3, 2, Infinity], 3);
  expectSame({ m: 3, n: 3, k: 2, a, b, alpha: 1 });
});

function matrixOf(values: readonly number[], columns: number): MatrixView {
  return { data: Float32Array.from(values), start: 0, rowStep: columns, columnStep: 1 };
}

function view(shape: [number, number], seed: number): MatrixView {
  const values = numbers(shape, seed).data;
  // One number in front, so that a start that is forgotten is seen.
  const data = Float32Array.from([99, ...values]);
  return { data, start: 1, rowStep: shape[1], columnStep: 1 };
}

type Task = Omit<Product, "out" | "outStart">;

function run(way: Multiply, task: Task): Float32Array {
  const out = new Float32Array(task.m * task.n + 2).fill(7);
  way({ ...task, out, outStart: 1 });
  return out;
}

function expectSame(task: Task): void {
  const [actual, expected] = [run(multiply, task), run(naiveProduct, task)];
  const wrong = expected.findIndex((value, i) => {
    if (!Number.isFinite(value)) return !Object.is(actual[i], value);
    return !(Math.abs(actual[i]! - value) <= 1e-6 * task.k);
  });
  expect(wrong).toBe(-1);
}
