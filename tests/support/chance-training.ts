// A training whose steps count, draw and move: what must stay together when runs get ahead, or fail.
import * as lib from "../../lib/index.ts";
import { hashClasses, hashUniform } from "./hash.ts";

/** Rows `[4, 4]` and their classes `[4]`. */
export type LabelledBatch = Readonly<Record<"inputs" | "targets", lib.Tensor>>;

/** What is trained, and what is looked at. */
export interface ChanceTraining {
  readonly model: lib.Layer;
  readonly optimizer: lib.Adam;
  readonly step: (batch: LabelledBatch) => { loss: lib.Tensor };
  readonly weights: () => number[];
  /** What dropout draws from. */
  readonly chance: lib.Generator;
}

/** A small net that Adam trains, with chance of its own; the learning rate falls by the count of steps. */
export function chanceTraining(
  learningRate: number | lib.Schedule = lib.stepDecay({ start: 0.1, every: 2 }),
): ChanceTraining {
  const random = new lib.Generator(4);
  const chance = new lib.Generator(5);
  const model = new lib.Sequential(
    new lib.Linear({ inFeatures: 4, outFeatures: 6, random }),
    new lib.Dropout({ rate: 0.5, random: chance }),
    new lib.Linear({ inFeatures: 6, outFeatures: 3, random }),
  );
  const optimizer = new lib.Adam(model.parameters(), { learningRate });
  const loss = new lib.CrossEntropyLoss();
  const step = ({ inputs, targets }: LabelledBatch): { loss: lib.Tensor } => {
    const value = loss.forward(model.forward(inputs), targets);
    model.backward(loss.backward());
    optimizer.step();
    return { loss: value };
  };
  const weights = (): number[] =>
    model.parameters().flatMap(({ value }) => [...value.toTypedArray()]);
  return { model, optimizer, step, weights, chance };
}

/** A batch by its number. */
export function labelledBatch(seed: number): LabelledBatch {
  return {
    inputs: lib.cast(hashUniform([4, 4], seed), "float32"),
    targets: hashClasses(4, 20 + seed, 3),
  };
}
