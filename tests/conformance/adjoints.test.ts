// Linear ops and their adjoints: <A x, y> = <x, A' y>, the identity that every backward pass rests on.
import { describe, expect, test } from "vitest";
import * as lib from "../../lib/index.ts";
import { numbers, toTensor } from "../support/arrays.ts";

type Linear = (x: lib.Tensor) => lib.Tensor;

interface Pair {
  /** Shape of x. */
  readonly from: number[];
  readonly forward: Linear;
  readonly adjoint: Linear;
}

const INDEX = lib.tensor([3, 0, 3, 1, 3], { dtype: "int32" });
const MATRIX = random([3, 4], 9);
const TABLE_OF_BATCHES = random([2, 3, 4], 9);

const KERNEL = random([6, 2, 2, 3], 9);
const PICTURES = random([2, 4, 5, 6], 9);
const SLIDE = { stride: [2, 1], padding: "same", dilation: [1, 2], groups: 2 } as const;

const PAIRS: [string, Pair][] = [
  [
    "reshape goes back by reshape",
    {
      from: [2, 6],
      forward: (x) => lib.reshape(x, [3, 4]),
      adjoint: (y) => lib.reshape(y, [2, 6]),
    },
  ],
  [
    "transpose goes back by the inverse permutation",
    {
      from: [2, 3, 4],
      forward: (x) => lib.transpose(x, [2, 0, 1]),
      adjoint: (y) => lib.transpose(y, [1, 2, 0]),
    },
  ],
  [
    "slice goes back by pad",
    {
      from: [4, 5],
      forward: (x) =>
        lib.slice(x, [
          [1, 3],
          [0, 4],
        ]),
      adjoint: (y) =>
        lib.pad(y, [
          [1, 1],
          [0, 1],
        ]),
    },
  ],
  [
    "pad goes back by slice",
    {
      from: [1, 3],
      forward: (x) =>
        lib.pad(x, [
          [2, 0],
          [1, 1],
        ]),
      adjoint: (y) =>
        lib.slice(y, [
          [2, 3],
          [1, 4],
        ]),
    },
  ],
  [
    "flip goes back by flip",
    {
      from: [2, 3],
      forward: (x) => lib.flip(x, [1]),
      adjoint: (y) => lib.flip(y, [1]),
    },
  ],
  [
    "expand goes back by sum",
    {
      from: [3, 1],
      forward: (x) => lib.expand(x, [2, 3, 4]),
      adjoint: (y) => lib.reshape(lib.sum(y, { axes: [0, 2] }), [3, 1]),
    },
  ],
  [
    "sum goes back by expand",
    {
      from: [2, 3, 4],
      forward: (x) => lib.sum(x, { axes: [1], keepDims: true }),
      adjoint: (y) => lib.expand(y, [2, 3, 4]),
    },
  ],
  [
    "mean goes back by expand over the number of terms",
    {
      from: [2, 3],
      forward: (x) => lib.mean(x, { axes: [0], keepDims: true }),
      adjoint: (y) => lib.div(lib.expand(y, [2, 3]), 2),
    },
  ],
  [
    "broadcasting in add goes back by sum",
    {
      from: [3],
      forward: (x) => lib.sub(lib.add(lib.zeros([2, 3], { dtype: "float64" }), x), 0),
      adjoint: (y) => lib.sum(y, { axes: [0] }),
    },
  ],
  [
    "gather goes back by scatterAdd",
    {
      from: [4, 2],
      forward: (x) => lib.gather(x, INDEX),
      adjoint: (y) => lib.scatterAdd(INDEX, y, 4),
    },
  ],
  [
    "scatterAdd goes back by gather",
    {
      from: [5, 2],
      forward: (x) => lib.scatterAdd(INDEX, x, 4),
      adjoint: (y) => lib.gather(y, INDEX),
    },
  ],
  [
    "concat with zeros goes back by the piece of split",
    {
      from: [2, 3],
      forward: (x) => lib.concat([lib.zeros([1, 3], { dtype: "float64" }), x]),
      adjoint: (y) => lib.split(y, [1, 2])[1]!,
    },
  ],
  [
    "a product from the left goes back through its transpose",
    {
      from: [4, 5],
      forward: (x) => lib.matmul(MATRIX, x, { alpha: 0.5 }),
      adjoint: (y) => lib.matmul(MATRIX, y, { transposeA: true, alpha: 0.5 }),
    },
  ],
  [
    "a product from the right goes back through its transpose",
    {
      from: [5, 3],
      forward: (x) => lib.matmul(x, MATRIX),
      adjoint: (y) => lib.matmul(y, MATRIX, { transposeB: true }),
    },
  ],
  [
    "a matrix shared by a batch goes back by the sum over the batch",
    {
      from: [4, 5],
      forward: (x) => lib.matmul(TABLE_OF_BATCHES, x),
      adjoint: (y) => lib.sum(lib.matmul(TABLE_OF_BATCHES, y, { transposeA: true }), { axes: [0] }),
    },
  ],
  [
    "a convolution goes back by its gradient by the input",
    {
      from: [2, 4, 5, 6],
      forward: (x) => lib.conv2d(x, KERNEL, SLIDE),
      adjoint: (y) => lib.conv2dGradInput(y, KERNEL, { ...SLIDE, inputSize: [5, 6] }),
    },
  ],
  [
    "a convolution as a map of its weight goes back by its gradient by the weight",
    {
      from: [6, 2, 2, 3],
      forward: (w) => lib.conv2d(PICTURES, w, SLIDE),
      adjoint: (y) => lib.conv2dGradWeight(PICTURES, y, { ...SLIDE, kernelSize: [2, 3] }),
    },
  ],
  [
    "upsampling goes back by the sum over each block, a mean of so many pixels",
    {
      from: [2, 3, 2, 4],
      forward: (x) => lib.upsampleNearest(x, [2, 3]),
      adjoint: (y) => lib.mul(lib.avgPool2d(y, { kernelSize: [2, 3] }), 6),
    },
  ],
  [
    "average pooling goes back by its gradient",
    {
      from: [2, 3, 5, 5],
      forward: (x) => lib.avgPool2d(x, { kernelSize: 3, stride: 2, padding: 1 }),
      adjoint: (y) =>
        lib.avgPool2dGrad(y, { kernelSize: 3, stride: 2, padding: 1, inputSize: [5, 5] }),
    },
  ],
];

describe("adjoints", () => {
  test.each(PAIRS)("%s", (_, { from, forward, adjoint }) => {
    const x = random(from, 1);
    const image = forward(x);
    const y = random(image.shape, 2);
    const back = adjoint(y);
    expect(back.shape).toEqual(from);
    expect(inner(image, y)).toBeCloseTo(inner(x, back), 12);
  });
});

function random(shape: readonly number[], seed: number): lib.Tensor {
  return toTensor(numbers(shape, seed, { dtype: "float64" }));
}

function inner(a: lib.Tensor, b: lib.Tensor): number {
  return lib.sum(lib.mul(a, b)).item();
}
