// Ops against numbers that PyTorch computed (tests/golden/ops.py), in float64.
import { describe, test } from "vitest";
import * as lib from "../../lib/index.ts";
import { expectClose } from "../support/expect-close.ts";
import { goldenCases } from "../support/golden.ts";
import { hashClasses, hashUniform } from "../support/hash.ts";

interface Case {
  readonly shape: number[];
  readonly output: number[];
  /** Range of the inputs, for functions of one tensor. */
  readonly low?: number;
  readonly high?: number;
}

type Unary = (x: lib.Tensor) => lib.Tensor;

const UNARY: Record<string, Unary> = {
  erf: lib.erf,
  tanh: lib.tanh,
  sigmoid: lib.sigmoid,
  exp: lib.exp,
  log: lib.log,
  sqrt: lib.sqrt,
  reciprocal: lib.reciprocal,
  abs: lib.abs,
  relu: lib.relu,
  softmax: lib.softmax,
  logSoftmax: lib.logSoftmax,
};

const x = hashUniform([2, 3, 4], 1);
const index = hashClasses(7, 4, 3);
const batches = hashUniform([2, 3, 5], 1);
const weight = hashUniform([5, 4], 2);

const OTHER: Record<string, () => lib.Tensor> = {
  matmul: () => lib.matmul(batches, weight),
  affine: () => {
    const first = lib.reshape(lib.slice(batches, [[0, 1]]), [3, 5]);
    return lib.affine(first, weight, hashUniform([4], 3));
  },
  mean: () => lib.mean(x, { axes: [0, 2] }),
  variance: () => lib.batchStatistics(x, { axes: [0, 2] }).variance,
  batchNorm: () => lib.normalise(x, lib.batchStatistics(x, { axes: [0, 2] })),
  layerNorm: () => lib.normalise(x, lib.batchStatistics(x, { axes: [-1] })),
  sum: () => lib.sum(x, { axes: [1], keepDims: true }),
  max: () => lib.max(x, { axes: [1] }),
  argMax: () => lib.argMax(x, { axis: 1 }),
  transpose: () => lib.transpose(x, [2, 0, 1]),
  flip: () => lib.flip(x, [0, 2]),
  pad: () =>
    lib.pad(
      x,
      [
        [0, 0],
        [2, 1],
        [1, 0],
      ],
      { value: 0.5 },
    ),
  gather: () => lib.gather(hashUniform([3, 4], 1), index),
  scatterAdd: () => lib.scatterAdd(index, hashUniform([7, 4], 2), 3),
  oneHot: () => lib.oneHot(index, 3),
};

/** Both programs compute in float64; their exp, tanh and log may differ in the last two bits. */
const TOLERANCE = 4e-16 * 8;

describe("ops against PyTorch", () => {
  test.each(goldenCases<Case>("ops"))("%s", (name, { shape, output, low, high }) => {
    const op = UNARY[name.split(" ")[0]!];
    const actual = op ? op(hashUniform(shape, 1, low, high)) : OTHER[name]!();
    expectClose(actual, { shape, data: output }, TOLERANCE);
  });
});
