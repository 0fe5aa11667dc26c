// How far an optimizer has come: what another one needs, besides its states, to go on from there.

/** Where an optimizer stands, besides the tensors of its `states()`. */
export interface OptimizerProgress {
  readonly stepCount: number;
  readonly learningRate: number;
  /** How often each of the parameters was moved, in their order. */
  readonly moves: readonly number[];
}

/** Whether a value is the progress of an optimizer of so many parameters. */
export function isProgressOf(parameterCount: number, value: unknown): value is OptimizerProgress {
  const isCount = (each: unknown): boolean => Number.isSafeInteger(each) && Number(each) >= 0;
  const { stepCount, learningRate, moves } = (value ?? {}) as Partial<OptimizerProgress>;
  const hasCounts = isCount(stepCount) && Array.isArray(moves) && moves.every(isCount);
  return hasCounts && Number.isFinite(learningRate) && moves.length === parameterCount;
}
