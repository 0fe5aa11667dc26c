// Slips that a type check would have found: cells run without one, so the library's own message must name the fix.
// Covers: lib/check.ts
import { expect, test } from "vitest";
import * as lib from "../../lib/index.ts";

const { Adam, ArgumentError, Dataset, Linear, Sequential } = lib;

const matrix = lib.zeros([2, 3]);
const random = new lib.Generator(1);
const untyped = lib as unknown as Record<string, (...values: unknown[]) => unknown>;
const make = (kind: unknown, ...values: unknown[]): unknown =>
  Reflect.construct(kind as new () => unknown, values);

type Slip = [title: string, call: () => unknown, what: string, fix: string];

const SLIPS: Slip[] = [
  [
    "an array beside a tensor",
    () => untyped["add"]!(matrix, [1, 2]),
    "add: expects a tensor, got an array.",
    "Make a tensor of it first: tensor(...).",
  ],
  [
    "nothing where a tensor belongs",
    () => untyped["relu"]!(undefined),
    "relu: expects a tensor, got undefined.",
    "Check where the value comes from.",
  ],
  [
    "an array as input of a layer",
    () => new Linear({ inFeatures: 1, outFeatures: 1, random }).forward([1] as never),
    "Linear(1 -> 1): expects a tensor, got an array.",
    "Make a tensor of it first",
  ],
  [
    "a number as shape",
    () => untyped["zeros"]!(3),
    "full: the shape must be a list, got 3.",
    "Put what belongs to it in brackets",
  ],
  [
    "an axis instead of a list of them",
    () => untyped["sum"]!(matrix, { axes: 0 }),
    "sum: axes must be a list, got 0.",
    "in brackets",
  ],
  [
    "an axis instead of options",
    () => untyped["sum"]!(matrix, 0),
    "sum: expects options in braces, got 0.",
    "Write sum(x, { axes: [0] }).",
  ],
  [
    "tensors to join, not in a list",
    () => untyped["concat"]!(matrix, matrix),
    "concat: parts must be a list, got a value of class Tensor.",
    "in brackets",
  ],
  [
    "a layer without its sizes",
    () => make(Linear, 3, 2),
    "Linear: inFeatures must be a whole number from 1 on, got undefined.",
    "Pass a larger whole number.",
  ],
  [
    "a layer without a source of chance",
    () => make(Linear, { inFeatures: 3, outFeatures: 2 }),
    "randomUniform: chance comes from a Generator, got undefined.",
    "Pass one, for example new Generator(7).",
  ],
  [
    "a list of layers",
    () => make(Sequential, [new lib.ReLU()]),
    "Sequential: expects layers one after the other, got an array in place 1.",
    "new Sequential(...list)",
  ],
  [
    "a layer's class instead of a layer",
    () => make(Sequential, new lib.ReLU(), lib.ReLU),
    "got ReLU in place 2.",
    "new Sequential(new Linear(...), new ReLU())",
  ],
  [
    "a model where its parameters belong",
    () => make(Adam, new lib.ReLU()),
    "Adam: expects a list of parameters, got a value of class ReLU.",
    "Pass model.parameters().",
  ],
  [
    "tensors where parameters belong",
    () => make(Adam, [matrix]),
    "Adam: expects a list of parameters, got other things in it.",
    "Pass model.parameters().",
  ],
  [
    "a data set from one object",
    () => make(Dataset, { inputs: matrix, targets: matrix }),
    "Dataset: inputs must be a tensor, got an object.",
    "Write new Dataset(inputs, targets).",
  ],
];

test.each(SLIPS)("the message about %s names what came and the fix", (_, call, what, fix) => {
  expect(call).toThrow(ArgumentError);
  expect(call).toThrow(what);
  expect(call).toThrow(fix);
});
