// Where gradients are handed over to the update: whoever clips or applies them gets them here.
import type { Parameter } from "../layers/layer.ts";
import { meanOverRanks } from "../ops/ranks.ts";

/**
 * The parameters that have a gradient, each once; the gradients, of the parameters' shapes, are those of the whole batch.
 *
 * gradient = (sum over ranks of the gradient of a rank's share) / ranks, for losses that are a mean over the batch
 *
 * @source Goyal et al. 2017, "Accurate, large minibatch SGD: training ImageNet in 1 hour", section 3, "Gradient aggregation"
 */
export function withGradient(parameters: readonly Parameter[]): Parameter[] {
  const ready = [...new Set(parameters)].filter(({ gradient }) => gradient !== undefined);
  for (const parameter of ready) parameter.gradient = meanOverRanks(parameter.gradient!);
  return ready;
}
