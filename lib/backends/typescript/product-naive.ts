// The matrix product as the formula says it: three loops. Slow; kept to be read, and as the test of the tiled one.
import type { Product } from "../matrix.ts";

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
