// Every message about shapes, axes and element types: its class, what it names, and the fix that it offers.
// Covers: lib/op-check.ts
import { describe, expect, test } from "vitest";
import * as lib from "../../lib/index.ts";

const { ArgumentError, DTypeError, ShapeError, tensor, zeros } = lib;

const matrix = zeros([2, 3]);
const integers = zeros([2], { dtype: "int32" });
const flags = tensor([true, false]);

type Kind = new (message: string) => lib.GradlabError;
type Case = [title: string, call: () => unknown, kind: Kind, what: string, fix: string];

const SHAPES: Case[] = [
  [
    "broadcasting names the axis that does not fit",
    () => lib.add(zeros([4, 2, 3]), zeros([3, 3])),
    ShapeError,
    "add: from the last axis backwards, sizes must be equal or 1, got [4, 2, 3] and [3, 3]: axis -2 is 2 against 3.",
    "Reshape one of them so that the axes line up",
  ],
  [
    "a product names both k",
    () => lib.matmul(matrix, zeros([2, 4])),
    ShapeError,
    "matmul: expects [..., m, k] x [..., k, n] with one and the same k, got [2, 3] x [2, 4]: k is 3 against 2.",
    "Check the order of the operands, or pass transposeA or transposeB.",
  ],
  [
    "a transposed product says how it reads its operands",
    () => lib.matmul(matrix, zeros([4, 2]), { transposeB: true }),
    ShapeError,
    "[..., m, k] x [..., n, k]",
    "pass transposeA or transposeB",
  ],
  [
    "a product of a vector says how to make it a matrix",
    () => lib.matmul(matrix, zeros([3])),
    ShapeError,
    "matmul: both operands need at least two axes, got [2, 3] and [3].",
    "reshape(x, [n, 1]) for a column",
  ],
  [
    "the batch axes of a product are named as such",
    () => lib.matmul(zeros([2, 1, 1]), zeros([3, 1, 1])),
    ShapeError,
    "matmul (batch axes)",
    "Reshape one of them",
  ],
  [
    "affine says which weight fits",
    () => lib.affine(matrix, zeros([4, 5]), zeros([5])),
    ShapeError,
    "affine: expects [batch, inFeatures] x [inFeatures, outFeatures] + [outFeatures], got [2, 3] x [4, 5] + [5].",
    "Use a weight of shape [3, outFeatures]",
  ],
  [
    "affine wants one bias for each output",
    () => lib.affine(matrix, zeros([3, 5]), zeros([3])),
    ShapeError,
    "got [2, 3] x [3, 5] + [3]",
    "a bias of shape [outFeatures]",
  ],
  [
    "affine of images asks for a reshape",
    () => lib.affine(zeros([2, 1, 3]), zeros([3, 5]), zeros([5])),
    ShapeError,
    "got [2, 1, 3] x [3, 5] + [5]",
    "Reshape the input to [batch, inFeatures] first.",
  ],
  [
    "reshape counts the elements",
    () => lib.reshape(matrix, [4, 2]),
    ShapeError,
    "reshape: the new shape must hold the same 6 elements as [2, 3], got [4, 2].",
    "let one axis be -1",
  ],
  [
    "reshape refuses two open axes",
    () => lib.reshape(matrix, [-1, -1]),
    ShapeError,
    "got [-1, -1]",
    "let one axis be -1",
  ],
  [
    "transpose shows a permutation that works",
    () => lib.transpose(matrix, [0, 0]),
    ShapeError,
    "transpose: the permutation must name each of the 2 axes of [2, 3] once, got [0, 0].",
    "For example [1, 0] reverses them.",
  ],
  [
    "expand says which axes can repeat",
    () => lib.expand(matrix, [2, 6]),
    ShapeError,
    "expand: only axes of length 1 can repeat, got [2, 3] to [2, 6].",
    "reshape first to add an axis of length 1",
  ],
  [
    "an empty slice is refused",
    () => lib.slice(matrix, [[2, 5]]),
    ShapeError,
    "slice: the range of axis 0 must take at least one of the 2 elements",
    "start < stop and a step of at least 1; to go backwards use flip",
  ],
  [
    "slice counts its ranges",
    () => lib.slice(matrix, [null, null, null]),
    ShapeError,
    "got 3 ranges",
    "Leave the surplus ranges out.",
  ],
  [
    "split adds up its pieces",
    () => lib.split(matrix, [1, 1], { axis: 1 }),
    ShapeError,
    "add up to 3, the length of axis 1 of [2, 3], got [1, 1] which makes 2.",
    "Change the sizes so that they fill the axis.",
  ],
  [
    "concat names the parts that differ",
    () => lib.concat([matrix, zeros([2, 4])]),
    ShapeError,
    "concat: all parts must agree in every axis but axis 0, got [2, 3] and [2, 4].",
    "Join along the axis that differs",
  ],
  [
    "pad wants widths for every axis",
    () => lib.pad(matrix, [[1, 1]]),
    ShapeError,
    "for each of the 2 axes of [2, 3], got [[1,1]].",
    "Write [0, 0] for an axis that stays as it is.",
  ],
  [
    "scatterAdd wants a row for every index",
    () => lib.scatterAdd(integers, zeros([3, 4]), 5),
    ShapeError,
    "scatterAdd: updates must be [...index, ...row] for index [2], got [3, 4].",
    "Give one row of updates for every entry of the index.",
  ],
  [
    "an axis of length 0 is refused",
    () => zeros([2, 0]),
    ShapeError,
    "zeros: every axis must be a whole number from 1 on, got [2, 0].",
    "leave an axis out rather than giving it length 0",
  ],
  [
    "an empty list is no tensor",
    () => tensor([[], []]),
    ShapeError,
    "got [2, 0]",
    "A tensor holds at least one element",
  ],
  [
    "the number of elements must fill the shape",
    () => lib.fromTypedArray(new Float32Array(5), [2, 3]),
    ShapeError,
    "fromTypedArray: shape [2, 3] needs 6 elements, got 5.",
    "Make the product of the axes equal to the number of elements.",
  ],
  [
    "ragged rows are named by their place",
    () => tensor([[1, 2], [3]]),
    ShapeError,
    "entry [1] should be an array of 2, got an array of 1.",
    "Fill up the short rows",
  ],
  [
    "an axis that does not exist is refused with those that do",
    () => lib.sum(matrix, { axes: [2] }),
    ShapeError,
    "sum: axis must exist in a tensor of rank 2, got 2.",
    "Use a whole number from -2 to 1.",
  ],
  [
    "a scalar has no axis",
    () => lib.softmax(tensor(1)),
    ShapeError,
    "softmax: axis must exist in a tensor of rank 0, got -1.",
    "A scalar has no axes: reshape it to [1] first.",
  ],
  [
    "an axis cannot be named twice",
    () => lib.mean(matrix, { axes: [1, -1] }),
    ShapeError,
    "mean: axes must name at least one axis and none twice, got [1, -1].",
    "Leave axes out to take all of them.",
  ],
  [
    "an empty list of axes is refused",
    () => lib.sum(matrix, { axes: [] }),
    ShapeError,
    "got []",
    "Leave axes out",
  ],
];

const TYPES: Case[] = [
  [
    "functions of floats name the conversion",
    () => lib.exp(integers),
    DTypeError,
    "exp: expects float32 or float64, got int32 of shape [2].",
    'Convert it first: cast(x, "float32").',
  ],
  [
    "a layer names the conversion",
    () =>
      new lib.Linear({ inFeatures: 2, outFeatures: 1, random: new lib.Generator(1) }).forward(
        integers,
      ),
    DTypeError,
    "Linear(2 -> 1): expects float32 or float64, got int32 of shape [2].",
    'Convert it first: cast(x, "float32").',
  ],
  [
    "division of integers is refused",
    () => lib.div(integers, 2),
    DTypeError,
    "div: expects float32 or float64, got int32",
    'cast(x, "float32")',
  ],
  [
    "booleans are not computed with",
    () => lib.add(flags, flags),
    DTypeError,
    "add: expects numbers, got bool of shape [2].",
    'cast(x, "float32") makes 1 of true and 0 of false',
  ],
  [
    "mixed types are not converted silently",
    () => lib.mul(integers, zeros([2])),
    DTypeError,
    "mul: both operands must have the same dtype, got int32 and float32.",
    'cast(x, "float32")',
  ],
  [
    "a bias of another type is refused too",
    () => lib.affine(matrix, zeros([3, 5]), zeros([5], { dtype: "float64" })),
    DTypeError,
    "affine: both operands must have the same dtype, got float32 and float64.",
    'cast(x, "float64")',
  ],
  [
    "the wider float is proposed",
    () => lib.mul(zeros([2], { dtype: "float64" }), zeros([2])),
    DTypeError,
    "got float64 and float32",
    'cast(x, "float64")',
  ],
  [
    "a condition must be bool",
    () => lib.where(matrix, 1, 2),
    DTypeError,
    "where: condition must be bool, got float32 of shape [2, 3].",
    'cast(condition, "bool")',
  ],
  [
    "an index must be int32",
    () => lib.gather(matrix, zeros([1])),
    DTypeError,
    "gather: index must be int32, got float32",
    'cast(index, "int32")',
  ],
  [
    "an unknown element type is answered with the known ones",
    () => zeros([1], { dtype: "float16" as lib.DType }),
    DTypeError,
    "zeros: dtype must be one of float32, float64, int32, bool, got float16.",
    "Use float32 for weights and activations, int32 for labels.",
  ],
  [
    "a fraction is no int32",
    () => tensor([1, 2.5], { dtype: "int32" }),
    DTypeError,
    "tensor: every element must fit int32, got 2.5.",
    "or choose another dtype",
  ],
  [
    "a hole in the data is no number",
    () => tensor([1, undefined as unknown as number]),
    DTypeError,
    "every element must fit float32, got undefined.",
    "Use numbers",
  ],
  [
    "bytes are not taken for booleans",
    () => lib.fromTypedArray(Uint8Array.of(0, 255), [2]),
    DTypeError,
    "a Uint8Array becomes bool and may hold only 0 and 1",
    "pass Float32Array.from(bytes)",
  ],
];

const ARGUMENTS: Case[] = [
  [
    "a count must be positive",
    () => lib.oneHot(integers, 0),
    ArgumentError,
    "oneHot: classes must be a whole number from 1 on, got 0.",
    "Pass a larger whole number.",
  ],
  [
    "an index outside the table is named with its place",
    () => lib.gather(matrix, tensor([0, 2], { dtype: "int32" })),
    ArgumentError,
    "gather: every index must be from 0 to 1, got 2 at position 1.",
    "Check that labels start at 0",
  ],
  [
    "concat of nothing is refused",
    () => lib.concat([]),
    ArgumentError,
    "concat: expects at least one tensor, got none.",
    "Pass a list of tensors.",
  ],
  [
    "arange cannot count in booleans",
    () => lib.arange(2, { dtype: "bool" }),
    ArgumentError,
    "arange: expects a dtype that can count, got bool.",
    'Use "int32" or "float32".',
  ],
];

describe.each([
  ["shapes and axes", SHAPES],
  ["element types", TYPES],
  ["other arguments", ARGUMENTS],
] as [string, Case[]][])("messages about %s", (_, cases) => {
  test.each(cases)("%s", (...[, call, kind, what, fix]) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(what);
    expect(call).toThrow(fix);
  });
});
