// What the host counts and draws for a step: it belongs to the state, though no graph has it.
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Generator } from "../random.ts";

/** Puts counts and places back to what they were. @returns what undoes that */
export type Undo = () => Undo;

/** Notes how far optimizers and generators have come. */
export function noteProgress(
  optimizers: readonly Optimizer[],
  generators: readonly Generator[] = [],
): Undo {
  const places = generators.map((generator) => ({ generator, state: generator.state }));
  const before = optimizers.map((optimizer) => ({ optimizer, progress: optimizer.progress }));
  return () => {
    const redo = noteProgress(optimizers, generators);
    for (const { generator, state } of places) generator.resume(state);
    for (const { optimizer, progress } of before) {
      // A rate that no schedule sets is the user's, who may have changed it meanwhile.
      const { learningRate } = optimizer.schedule ? progress : optimizer;
      optimizer.resume({ ...progress, learningRate: 0 });
      optimizer.learningRate = learningRate;
    }
    return redo;
  };
}
