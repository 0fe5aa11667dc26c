// Predictions of a model for many examples, batch by batch, in evaluation mode.
import { Dataset } from "../data/dataset.ts";
import type { Layer } from "../layers/layer.ts";
import { concat } from "../ops/arrange.ts";
import type { Tensor } from "../tensor.ts";

/** How examples are handed to a model that is only asked. */
export interface PredictOptions {
  /** Examples at a time; more need more memory and are no faster. */
  readonly batchSize?: number;
}

/**
 * What a model says about every example.
 *
 * @param inputs - `[examples, ...]`, or a data set, whose targets are left alone
 * @returns `[examples, ...]`, the outputs in the order of the examples
 */
export function predict(
  model: Layer,
  inputs: Tensor | Dataset,
  { batchSize = 256 }: PredictOptions = {},
): Tensor {
  const data = inputs instanceof Dataset ? inputs : new Dataset(inputs, inputs);
  return inEvaluationMode(model, () => {
    const parts = Array.from(data.batches({ batchSize }), (batch) => model.forward(batch.inputs));
    return parts.length === 1 ? parts[0]! : concat(parts, { axis: 0 });
  });
}

/** Runs `body` with a model in evaluation mode; afterwards every layer is in the mode it was in. */
export function inEvaluationMode<Result>(model: Layer, body: () => Result): Result {
  const putBack = switchToEvaluation(model);
  try {
    return body();
  } finally {
    putBack();
  }
}

/** Switches a model and all in it to evaluation. @returns what gives every layer back the mode it had */
export function switchToEvaluation(model: Layer): () => void {
  const modes = model.layers().map((layer) => ({ layer, training: layer.training }));
  model.eval();
  return () => {
    for (const { layer, training } of modes) layer.training = training;
  };
}
