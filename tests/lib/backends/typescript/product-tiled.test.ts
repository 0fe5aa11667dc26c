// The tiled product against the naive one: same numbers, whatever the sizes, strides and offsets.
import { expect, test } from "vitest";
import type { MatrixView } from "../../../../lib/backends/matrix.ts";
import { naiveProduct } from "../../../../lib/backends/typescript/product-naive.ts";
import { tiledProduct } from "../../../../lib/backends/typescript/product-tiled.ts";
import { numbers } from "../../../support/arrays.ts";

const SIZES = [
  [1, 1, 1],
  [4, 4, 256],
  [5, 7, 3],
  [3, 9, 257],
  [13, 2, 600],
] as const;

test.each(SIZES)("%i x %i results over %i terms agree to the last bits of float64", (m, n, k) => {
  const a = view([m, k], 1);
  const b = transposed(view([n, k], 2));
  const bias = numbers([n], 3, { dtype: "float64" }).data;
  const results = [naiveProduct, tiledProduct].map((multiply) => {
    const out = new Float64Array(m * n + 2).fill(7);
    multiply({ m, n, k, a, b, alpha: 0.25, bias, out, outStart: 1 });
    return [...out];
  });
  const [naive, tiled] = results as [number[], number[]];
  for (const [i, value] of naive.entries()) expect(tiled[i]).toBeCloseTo(value, 12);
  expect([tiled[0], tiled.at(-1)]).toEqual([7, 7]);
});

function view(shape: [number, number], seed: number): MatrixView {
  const { data } = numbers(shape, seed, { dtype: "float64" });
  return { data, start: 0, rowStep: shape[1], columnStep: 1 };
}

function transposed({ data, start, rowStep, columnStep }: MatrixView): MatrixView {
  return { data, start, rowStep: columnStep, columnStep: rowStep };
}
