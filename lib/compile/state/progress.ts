// What an optimizer counts in a step: it belongs to the state, though no graph has it.
import type { Optimizer } from "../../optimizers/optimizer.ts";
import type { OptimizerProgress } from "../../optimizers/progress.ts";

/** Notes how far optimizers have come. @returns what puts them back there */
export function noteProgress(optimizers: readonly Optimizer[]): () => void {
  const before = optimizers.map((optimizer) => ({ optimizer, progress: optimizer.progress }));
  return () => {
    for (const { optimizer, progress } of before) putProgress(optimizer, progress);
  };
}

/** Lets an optimizer have come so far. */
export function putProgress(optimizer: Optimizer, progress: OptimizerProgress): void {
  // A rate that no schedule sets is the user's, who may have changed it meanwhile.
  const { learningRate } = optimizer.schedule ? progress : optimizer;
  optimizer.resume({ ...progress, learningRate: 0 });
  optimizer.learningRate = learningRate;
}
