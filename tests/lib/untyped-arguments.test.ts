// Slips that a type check would have found: cells run without one, so the library's own message must name the fix.
// Covers: lib/check.ts, lib/compile/compile-check.ts
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
    "zeros: the shape must be a list, got 3.",
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
    "Linear: expects options in braces, got 3.",
    "Write new Linear({ inFeatures: 784, outFeatures: 128, random }).",
  ],
  ...Object.entries({
    Linear,
    Conv2d: lib.Conv2d,
    ConvTranspose2d: lib.ConvTranspose2d,
    MaxPool2d: lib.MaxPool2d,
    AvgPool2d: lib.AvgPool2d,
    BatchNorm: lib.BatchNorm,
    LayerNorm: lib.LayerNorm,
    Dropout: lib.Dropout,
    Embedding: lib.Embedding,
    LSTM: lib.LSTM,
    MultiHeadAttention: lib.MultiHeadAttention,
    FeedForward: lib.FeedForward,
    UpsampleNearest2d: lib.UpsampleNearest2d,
  }).map(([name, kind]): Slip => [
    `${name} with nothing in its brackets`,
    () => make(kind),
    `${name}: expects options in braces, got undefined.`,
    `Write new ${name}({ `,
  ]),
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
  [
    "a schedule that is a number",
    () => untyped["warmUp"]!(0.1, 5),
    "warmUp: expects a schedule, got 0.1.",
    "or () => 0.1 for a constant rate: warmUp(() => 0.1, steps).",
  ],
];

const model = new lib.ReLU();
const step = (): lib.Tensors => ({ matrix });
const compiled: [title: string, parameters: unknown[], what: string, fix: string][] = [
  ["without a step", [undefined, { model }], "the step must be a function, got undefined.", "=> {"],
  [
    "without options",
    [step],
    "expects options in braces behind the step, got undefined.",
    "Write compile(step, { model, optimizer }).",
  ],
  [
    "without a model",
    [step, { optimizer: [] }],
    "model must be a layer, or a list of all that the step changes, got undefined.",
    "Write compile(step, { model, optimizer }).",
  ],
  [
    "without an optimizer",
    [step, { model }],
    "optimizer must be an optimizer, or a list of all that the step uses, got undefined.",
    "with optimizer: [] for a step that uses none.",
  ],
  [
    "with something else in a list of models",
    [step, { model: [model, lib.ReLU], optimizer: [] }],
    "that the step changes, got ReLU.",
    "Write compile(step, { model, optimizer }).",
  ],
  [
    "with a model in place of the optimizer",
    [step, { model, optimizer: model }],
    "that the step uses, got a value of class ReLU.",
    "Write compile(step, { model, optimizer }",
  ],
];
const COMPILED = compiled.map(([title, parameters, what, fix]): Slip => [
  `compile ${title}`,
  () => untyped["compile"]!(...parameters),
  what,
  fix,
]);

// Words with a typing error, and numbers that are none or out of their range.
const SETTINGS: Slip[] = [
  [
    "a mean by another name",
    () => make(lib.CrossEntropyLoss, { reduction: "avg" }),
    'CrossEntropyLoss: reduction must be "mean" or "sum", got "avg".',
    'Choose one of them, or leave reduction out for "mean".',
  ],
  [
    "the same for squared errors",
    () => make(lib.MeanSquaredErrorLoss, { reduction: "avg" }),
    'MeanSquaredErrorLoss: reduction must be "mean", "sum" or "half", got "avg".',
    'leave reduction out for "mean"',
  ],
  [
    "the same for yes-or-no questions",
    () => make(lib.BinaryCrossEntropyLoss, { reduction: 1 }),
    'BinaryCrossEntropyLoss: reduction must be "mean" or "sum", got 1.',
    "Choose one of them",
  ],
  [
    "what predictions are, misspelt",
    () => make(lib.BinaryCrossEntropyLoss, { from: "logit" }),
    'BinaryCrossEntropyLoss: from must be "logits" or "probabilities", got "logit".',
    'leave from out for "logits"',
  ],
  [
    "a curve, misspelt",
    () => make(lib.GELU, { approximate: "tan" }),
    'GELU: approximate must be "none" or "tanh", got "tan".',
    'leave approximate out for "none"',
  ],
  [
    "what an LSTM gives, misspelt",
    () => make(lib.LSTM, { inFeatures: 1, hiddenSize: 1, output: "lst", random }),
    'LSTM: output must be "sequence" or "last", got "lst".',
    'leave output out for "sequence"',
  ],
  [
    "a negative epsilon",
    () => make(lib.BatchNorm, { channels: 1, epsilon: -1 }),
    "BatchNorm: epsilon must be 0 or more; got -1.",
    "Usual values stand in the doc comment of BatchNorm.",
  ],
  [
    "a momentum above 1",
    () => make(lib.BatchNorm, { channels: 1, momentum: 7 }),
    "BatchNorm: momentum must be in 0..1; got 7.",
    "doc comment",
  ],
  [
    "an epsilon that is no number",
    () => make(lib.LayerNorm, { features: 1, epsilon: NaN }),
    "LayerNorm: epsilon must be 0 or more; got NaN.",
    "doc comment",
  ],
  [
    "a slope that is no number",
    () => make(lib.LeakyReLU, { negativeSlope: "0.1" }),
    'LeakyReLU: negativeSlope must be a number; got "0.1".',
    "doc comment",
  ],
  [
    "a probability that is text",
    () => make(lib.Dropout, { rate: "0.5", random }),
    'at least 0 and below 1; got "0.5".',
    "Use 0.5",
  ],
  [
    "a learning rate that is text",
    () => make(Adam, [new lib.Parameter("w", matrix)], { learningRate: "0.1" }),
    'Adam: learningRate must be a positive number; got "0.1".',
    "Usual values stand in the doc comment of Adam.",
  ],
  [
    "a limit that is text",
    () => untyped["clipByNorm"]!([], "1"),
    'clipByNorm: maxNorm must be a positive number, got "1".',
    "leave the call out",
  ],
  [
    "a rate of a schedule that is text",
    () => untyped["stepDecay"]!({ start: "1", every: 2 }),
    'stepDecay: start must be a positive number, got "1".',
    "usually between",
  ],
];

test.each([...SLIPS, ...COMPILED, ...SETTINGS])(
  "the message about %s names what came and the fix",
  (_, call, what, fix) => {
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow(what);
    expect(call).toThrow(fix);
  },
);
