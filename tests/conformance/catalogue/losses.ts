// The list of losses: one entry makes a loss pass every suite, its gradients, each backend, and compiled.
import * as lib from "../../../lib/index.ts";
import { hashClasses, hashUniform } from "../../support/hash.ts";

type Draw = (shape: readonly number[], seed: number) => lib.Tensor;

/** A loss, and what it is tested with. */
export interface LossCase {
  readonly name: string;
  readonly make: () => lib.Loss;
  /** Shapes of predictions: a usual one, the smallest, and one more. */
  readonly shapes: readonly [readonly number[], readonly number[], readonly number[]];
  /** Predictions of a shape, float64. */
  readonly predictions: Draw;
  /** What is wanted for predictions of a shape. */
  readonly targets: Draw;
  /** What a model ends in, so that its outputs are such predictions. */
  readonly lastLayer?: () => lib.Layer;
}

const between0And1: Draw = (shape, seed) => hashUniform(shape, seed, 0.05, 0.95);
const around0: Draw = (shape, seed) => hashUniform(shape, seed, -2, 2);
const classes: Draw = ([batch, width], seed) => hashClasses(batch!, seed, width!);

const TABLES = [
  [4, 3],
  [1, 1],
  [2, 5],
] as const;

const ANY = [
  [4, 3],
  [1, 1],
  [2, 3, 2],
] as const;

const of = (reduction: lib.Reduction): LossCase[] => [
  {
    name: `CrossEntropyLoss, ${reduction}`,
    make: () => new lib.CrossEntropyLoss({ reduction }),
    shapes: TABLES,
    predictions: around0,
    targets: classes,
  },
  {
    name: `BinaryCrossEntropyLoss from logits, ${reduction}`,
    make: () => new lib.BinaryCrossEntropyLoss({ reduction }),
    shapes: ANY,
    predictions: around0,
    targets: between0And1,
  },
  {
    name: `BinaryCrossEntropyLoss from probabilities, ${reduction}`,
    make: () => new lib.BinaryCrossEntropyLoss({ reduction, from: "probabilities" }),
    shapes: ANY,
    predictions: between0And1,
    targets: between0And1,
    lastLayer: () => new lib.Sigmoid(),
  },
  {
    name: `MeanSquaredErrorLoss, ${reduction}`,
    make: () => new lib.MeanSquaredErrorLoss({ reduction }),
    shapes: ANY,
    predictions: around0,
    targets: between0And1,
  },
];

/** Every loss, in every form. */
export const LOSSES: readonly LossCase[] = [
  ...of("mean"),
  ...of("sum"),
  {
    name: "MeanSquaredErrorLoss, half",
    make: () => new lib.MeanSquaredErrorLoss({ reduction: "half" }),
    shapes: ANY,
    predictions: around0,
    targets: between0And1,
  },
];
