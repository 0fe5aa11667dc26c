// The list of optimizers: one entry makes an optimizer pass every suite, each backend, and compiled.
import * as lib from "../../../lib/index.ts";

/** An optimizer with its settings. */
export interface OptimizerCase {
  readonly name: string;
  readonly make: (parameters: lib.Parameter[]) => lib.Optimizer;
}

const learningRate = 0.1;

/** Every optimizer, with the settings that take other ways through its code. */
export const OPTIMIZERS: readonly OptimizerCase[] = [
  { name: "SGD", make: (parameters) => new lib.SGD(parameters, { learningRate }) },
  {
    name: "SGD with dampened momentum",
    make: (parameters) => new lib.SGD(parameters, { learningRate, momentum: 0.9, dampening: 0.3 }),
  },
  {
    name: "SGD with Nesterov momentum and weight decay",
    make: (parameters) =>
      new lib.SGD(parameters, {
        learningRate,
        momentum: 0.9,
        nesterov: true,
        weightDecay: 0.01,
      }),
  },
  { name: "Adam", make: (parameters) => new lib.Adam(parameters, { learningRate }) },
  {
    name: "Adam with weight decay",
    make: (parameters) => new lib.Adam(parameters, { learningRate, weightDecay: 0.01 }),
  },
  { name: "AdamW", make: (parameters) => new lib.AdamW(parameters, { learningRate }) },
];
