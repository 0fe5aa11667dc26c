// The matrix product as the formula says it: three loops. Slow; kept to be read, and as the test of the tiled one.
import type { TypedArray } from "../../dtype.ts";

/** A matrix inside a typed array: where it starts, and how far one row and one column are. */
export interface MatrixView {
  readonly data: TypedArray;
  readonly start: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** The transpose of a matrix: the same memory with the two steps exchanged; nothing is copied. */
export function transposedView({ data, start, rowStep, columnStep }: MatrixView): MatrixView {
  return { data, start, rowStep: columnStep, columnStep: rowStep };
}

/** out`[m, n]` = alpha * a`[m, k]` * b`[k, n]` + bias`[n]`; `out` is row-major from `outStart` on. */
export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: MatrixView;
  readonly b: MatrixView;
  readonly alpha: number;
  readonly bias?: TypedArray | undefined;
  readonly out: TypedArray;
  readonly outStart: number;
}

/** output[i, j] = bias[j] + alpha * sum over p of a[i, p] * b[p, j] */
export function naiveProduct({ m, n, k, a, b, alpha, bias, out, outStart }: Product): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) {
        const left = a.data[a.start + i * a.rowStep + p * a.columnStep]!;
        const right = b.data[b.start + p * b.rowStep + j * b.columnStep]!;
        sum += left * right;
      }
      out[outStart + i * n + j] = alpha * sum + (bias?.[j] ?? 0);
    }
  }
}
