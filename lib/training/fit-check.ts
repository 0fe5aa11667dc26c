// What fit is called with: words for what is missing, and for options that make no sense together.
import { checkCount, kindOf } from "../check.ts";
import { Dataset } from "../data/dataset.ts";
import { ArgumentError } from "../errors.ts";
import { Layer } from "../layers/layer.ts";
import { Loss } from "../losses/loss.ts";
import { Optimizer } from "../optimizers/optimizer.ts";
import { Generator } from "../random.ts";
import type { FitOptions } from "./fit.ts";

type Kind = readonly [
  name: string,
  type: abstract new (...parameters: never[]) => unknown,
  example: string,
];

/** What fit cannot do without. */
const KINDS: readonly Kind[] = [
  ["train", Dataset, "(await loadMnist()).train"],
  ["loss", Loss, "new CrossEntropyLoss()"],
  ["optimizer", Optimizer, "new Adam(model.parameters())"],
  ["random", Generator, "new Generator(7)"],
];

/** All options: the type sees to it that none is missing here. */
const OPTIONS: Readonly<Record<keyof FitOptions, true>> = {
  train: true,
  validation: true,
  loss: true,
  optimizer: true,
  epochs: true,
  batchSize: true,
  dropLast: true,
  random: true,
  patience: true,
  compiled: true,
  verify: true,
  onStep: true,
  onEpoch: true,
  progress: true,
};

/** @throws {ArgumentError} when something is missing, of another kind, or out of its range */
export function checkFit(model: unknown, options: FitOptions): void {
  checkKinds(model, options);
  checkNames(options);
  checkOptimizer(model as Layer, options.optimizer);
  const { epochs, batchSize, dropLast = false, patience, train, validation } = options;
  checkVerify(options);
  for (const [name, value] of Object.entries({ epochs, batchSize, patience: patience ?? 1 })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new ArgumentError(
      `fit: ${name} must be a whole number from 1 on; got ${value}. Pass for example ${name}: 5.`,
    );
  }
  if (dropLast && train.length < batchSize) {
    throw new ArgumentError(
      `fit: with dropLast, train must hold at least one whole batch of ${batchSize}; got ${train.length} examples. Use a smaller batchSize, or leave dropLast out.`,
    );
  }
  if (patience === undefined || validation !== undefined) return;
  throw new ArgumentError(
    `fit: patience counts epochs without a lower validation loss and expects validation data; got none. Split some off: const [train, validation] = data.split(0.9, { random }).`,
  );
}

function checkNames(options: FitOptions): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(OPTIONS, name));
  if (unknown === undefined) return;
  throw new ArgumentError(
    `fit: takes the options ${Object.keys(OPTIONS).join(", ")}; got ${unknown}. Write its name as it stands there, or leave it out.`,
  );
}

// Who runs the cell of a model again has a new model, and an optimizer of the old one.
function checkOptimizer(model: Layer, { constructor: { name }, parameters }: Optimizer): void {
  const own = new Set(model.parameters());
  if (parameters.some((parameter) => own.has(parameter))) return;
  throw new ArgumentError(
    `fit: optimizer must move parameters of the model; got ${name} with parameters of another model. Make it again after the model: new ${name}(model.parameters(), ...).`,
  );
}

function checkVerify({ compiled = false, verify = 0 }: FitOptions): void {
  checkCount("fit", "verify", verify, 0);
  if (verify === 0 || compiled) return;
  throw new ArgumentError(
    `fit: verify compares compiled steps with eager ones and expects compiled: true; got verify: ${verify} without it. Pass both, or neither.`,
  );
}

function checkKinds(model: unknown, options: unknown): void {
  if (!(model instanceof Layer)) {
    throw new ArgumentError(
      `fit: the model must be a layer, got ${kindOf(model)}. Pass new Sequential(...), or another layer.`,
    );
  }
  if (typeof options !== "object" || options === null) {
    throw new ArgumentError(
      `fit: expects options in braces behind the model, got ${kindOf(options)}. Write fit(model, { train, loss, optimizer, epochs: 5, batchSize: 64, random }).`,
    );
  }
  for (const [name, type, example] of KINDS) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (value instanceof type) continue;
    throw new ArgumentError(
      `fit: expects ${name} among its options, got ${kindOf(value)}. Pass fit(model, { train, loss, optimizer, epochs, batchSize, random }), with ${example} as ${name}.`,
    );
  }
}
