// What fit is called with, where no type check looks: what is missing is named, with an example of it.
import { expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";

const untyped = lib.fit as unknown as (...values: unknown[]) => Promise<unknown>;

const random = new lib.Generator(1);
const model = new lib.Linear({ inFeatures: 2, outFeatures: 2, random });
const options = {
  train: new lib.Dataset(lib.ones([4, 2]), lib.zeros([4], { dtype: "int32" })),
  loss: new lib.CrossEntropyLoss(),
  optimizer: new lib.Adam(model.parameters()),
  epochs: 1,
  batchSize: 2,
  random,
  progress: false,
};

test.each([
  ["no model", [undefined, options], "the model must be a layer, got undefined.", "new Sequential"],
  [
    "no options",
    [model],
    "expects options in braces behind the model, got undefined.",
    "{ train, loss, optimizer, epochs: 5, batchSize: 64, random }",
  ],
  [
    "no loss",
    [model, { ...options, loss: undefined }],
    "expects loss among its options, got undefined.",
    "new CrossEntropyLoss()",
  ],
  [
    "tensors to train with",
    [model, { ...options, train: lib.ones([2, 2]) }],
    "expects train among its options, got a value of class Tensor.",
    "loadMnist()",
  ],
  [
    "parameters as optimizer",
    [model, { ...options, optimizer: model.parameters() }],
    "expects optimizer among its options, got an array.",
    "new Adam(model.parameters())",
  ],
  [
    "no chance",
    [model, { ...options, random: 7 }],
    "expects random among its options, got 7.",
    "new Generator(7)",
  ],
  [
    "no number of epochs",
    [model, { ...options, epochs: undefined }],
    "fit: epochs must be a whole number from 1 on; got undefined.",
    "epochs: 5",
  ],
  [
    "an optimizer of the model from before",
    [new lib.Linear({ inFeatures: 2, outFeatures: 2, random }), options],
    "optimizer must move parameters of the model; got Adam with parameters of another model.",
    "Make it again after the model: new Adam(model.parameters(), ...).",
  ],
  [
    "a misspelt option",
    [model, { ...options, onEpochs: () => undefined }],
    "fit: takes the options train, validation, loss,",
    "got onEpochs. Write its name as it stands there",
  ],
  [
    "verify, and nothing to verify",
    [model, { ...options, verify: 3 }],
    "expects compiled: true; got verify: 3 without it.",
    "Pass both, or neither.",
  ],
  [
    "half a step to verify",
    [model, { ...options, compiled: true, verify: 0.5 }],
    "fit: verify must be a whole number from 0 on, got 0.5.",
    "Pass",
  ],
])("fit with %s tells what it expects, and an example", async (_title, values, what, fix) => {
  const error: unknown = await untyped(...values).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(lib.ArgumentError);
  expect((error as Error).message).toContain(what);
  expect((error as Error).message).toContain(fix);
});
