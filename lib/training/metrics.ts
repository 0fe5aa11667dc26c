// Accuracy: the share of examples whose most likely class is the right one.
import { kindOf } from "../check.ts";
import { Dataset } from "../data/dataset.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { Layer } from "../layers/layer.ts";
import { argMax } from "../ops/reduce.ts";
import { shapeText } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { predict, type PredictOptions } from "./predict.ts";

/** A data set with class indices as targets; or such targets, `[examples]` int32. */
export type ClassTargets = Dataset | Tensor;

/**
 * Share of right answers, 0..1.
 *
 * @param source - a model, or predictions `[examples, classes]`: logits or probabilities
 * @param data - the data set to ask the model about, or the targets `[examples]` int32
 * @throws {ShapeError} when predictions and targets do not fit
 */
export function accuracy(
  source: Layer | Tensor,
  data: ClassTargets,
  options: PredictOptions = {},
): number {
  const { predicted, wanted } = predictedClasses(source, data, options);
  return countEqual(predicted, wanted) / wanted.length;
}

/** Class indices, one for each example. */
export interface PredictedClasses {
  readonly predicted: Int32Array;
  readonly wanted: Int32Array;
}

/**
 * The most likely class of every example beside the right one.
 *
 * @param source - a model, or predictions `[examples, classes]`
 * @param data - a data set, or targets `[examples]` int32
 * @throws {ArgumentError} when they are something else
 */
export function predictedClasses(
  source: Layer | Tensor,
  data: ClassTargets,
  options: PredictOptions = {},
): PredictedClasses {
  checkSource(source, data);
  const targets = "targets" in data ? data.targets : data;
  const predictions =
    source instanceof Layer ? predict(source, requireDataset(data), options) : source;
  const [examples] = predictions.shape;
  if (predictions.rank !== 2 || targets.rank !== 1 || targets.shape[0] !== examples) {
    throw new ShapeError(
      `accuracy and confusionMatrix: expect predictions [examples, classes] and targets [examples], got ${shapeText(predictions.shape)} and ${shapeText(targets.shape)}. Pass a model and a data set, or logits and class indices.`,
    );
  }
  return {
    predicted: argMax(predictions).toTypedArray() as Int32Array,
    wanted: Int32Array.from(targets.toTypedArray()),
  };
}

/** At how many places two lists of classes agree. */
function countEqual(predicted: Int32Array, wanted: Int32Array): number {
  return predicted.reduce((count, label, i) => count + (label === wanted[i] ? 1 : 0), 0);
}

function checkSource(source: unknown, data: unknown): void {
  const isKnown = source instanceof Layer || source instanceof Tensor;
  if (isKnown && (data instanceof Dataset || data instanceof Tensor)) return;
  throw new ArgumentError(
    `accuracy and confusionMatrix: expect a model or predictions, and a data set or targets; got ${kindOf(source)} and ${kindOf(data)}. Write accuracy(model, test).`,
  );
}

function requireDataset(data: ClassTargets): Dataset {
  if ("targets" in data) return data;
  throw new ShapeError(
    `accuracy and confusionMatrix: ask a model about a data set, which has inputs and targets; got a tensor of shape ${shapeText(data.shape)}. Pass the data set, or predictions in place of the model.`,
  );
}

/** Loss of some examples, and the share of right answers where targets are classes. */
export interface Measured {
  readonly loss: number;
  readonly accuracy: number | undefined;
}

/** Share of right answers of one batch: predictions `[batch, classes]`, targets int32 `[batch]`; else undefined. */
export function batchAccuracy(predictions: Tensor, targets: Tensor): number | undefined {
  if (targets.dtype !== "int32" || targets.rank !== 1 || predictions.rank !== 2) return undefined;
  const predicted = argMax(predictions).toTypedArray() as Int32Array;
  return countEqual(predicted, targets.toTypedArray() as Int32Array) / predicted.length;
}
