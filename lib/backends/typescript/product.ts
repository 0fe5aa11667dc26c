// Matrix products of whole arrays: which part of memory each matrix is, and the loop over the batch axes.
import { broadcastShapes, broadcastStrides } from "../../shape.ts";
import type { Backend, MatmulOptions } from "../backend.ts";
import { emptyArray, type HostArray } from "../host-array.ts";
import type { MatrixView, Multiply } from "../matrix.ts";
import { forEachRun } from "./strided.ts";

/** The products of a backend whose matrices are multiplied by `multiply`. */
export function productsWith(multiply: Multiply): Pick<Backend, "matmul" | "affine"> {
  return {
    matmul: (a, b, options) => matmul(multiply, a as HostArray, b as HostArray, options),
    affine: (...parameters) => affine(multiply, parameters as unknown as Affine),
  };
}

// One product for each batch index: [...batch, m, k] x [...batch, k, n] -> [...batch, m, n]
function matmul(multiply: Multiply, a: HostArray, b: HostArray, options: MatmulOptions): HostArray {
  const [m, k] = matrixSize(a, options.transposeA);
  const [, n] = matrixSize(b, options.transposeB);
  const [aBatch, bBatch] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const batch = broadcastShapes(aBatch, bBatch)!;
  const out = emptyArray([...batch, m, n], a.dtype);
  const { alpha } = options;
  const multiplyOne = (aStart: number, bStart: number, outStart: number): void => {
    const left = matrixView(a, aStart, options.transposeA);
    const right = matrixView(b, bStart, options.transposeB);
    multiply({ m, n, k, a: left, b: right, alpha, out: out.data, outStart });
  };
  const aStrides = broadcastStrides(aBatch, batch).map((step) => step * m * k);
  const bStrides = broadcastStrides(bBatch, batch).map((step) => step * k * n);
  let outStart = 0;
  forEachRun(batch, [aStrides, bStrides], [0, 0], ({ length, at, steps }) => {
    for (let i = 0; i < length; i++) {
      multiplyOne(at[0]! + i * steps[0]!, at[1]! + i * steps[1]!, outStart);
      outStart += m * n;
    }
  });
  return out;
}

type Affine = readonly [x: HostArray, weight: HostArray, bias: HostArray];

// A product and a row that is added to each of its rows: [m, k] x [k, n] + [n] -> [m, n]
function affine(multiply: Multiply, [x, weight, bias]: Affine): HostArray {
  const [m, k] = matrixSize(x, false);
  const [, n] = matrixSize(weight, false);
  const out = emptyArray([m, n], x.dtype);
  const [a, b] = [matrixView(x, 0, false), matrixView(weight, 0, false)];
  multiply({ m, n, k, a, b, alpha: 1, bias: bias.data, out: out.data, outStart: 0 });
  return out;
}

function matrixSize({ shape }: HostArray, transposed: boolean): [rows: number, columns: number] {
  const [rows = 1, columns = 1] = shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}

// A transposed matrix is read by exchanging the two steps; nothing is copied.
function matrixView(array: HostArray, start: number, transposed: boolean): MatrixView {
  const columns = array.shape.at(-1)!;
  const { data } = array;
  return transposed
    ? { data, start, rowStep: 1, columnStep: columns }
    : { data, start, rowStep: columns, columnStep: 1 };
}
