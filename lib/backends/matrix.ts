// What backends that multiply in this process agree on: a matrix inside a typed array, and a product of two.
import type { TypedArray } from "../dtype.ts";

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

/** A way to compute products. */
export type Multiply = (product: Product) => void;
