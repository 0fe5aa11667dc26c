// Who takes the training steps: op by op, one at a time, or a compiled graph, several in one go.
import { CompiledStep } from "../compile/compile.ts";
import type { Batch } from "../data/dataset.ts";
import { Layer } from "../layers/layer.ts";
import { Loss } from "../losses/loss.ts";
import { equal } from "../ops/comparison.ts";
import { cast } from "../ops/convert.ts";
import { argMax, mean } from "../ops/reduce.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Tensor } from "../tensor.ts";
import { batchAccuracy, type Measured } from "./metrics.ts";

/** What a step is made of. */
export interface StepParts {
  readonly model: Layer;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
}

/** Takes training steps. */
export interface Stepper {
  /** How many batches it likes to get at once. */
  readonly batchesAtOnce: number;
  /** How many groups of batches may be under way while it gets another one. */
  readonly groupsAhead: number;
  /** One step for each batch, in order. */
  take(batches: readonly Batch[]): Promise<Measured[]>;
  /** Brings weights and optimizer state up to date in the model and the optimizer. */
  settle(): Promise<void>;
  /** Frees what the steps needed. Call `settle` before. */
  dispose(): void;
}

/** Each step at once, op by op. */
export function eagerStepper({ model, loss, optimizer }: StepParts): Stepper {
  const step = ({ inputs, targets }: Batch): Measured => {
    const predictions = model.forward(inputs);
    const value = loss.forward(predictions, targets);
    // As model.backward, without the gradient of the data, which nobody needs.
    model.accumulateGradients(loss.backward());
    optimizer.step();
    return { loss: value.item(), accuracy: batchAccuracy(predictions, targets) };
  };
  return {
    batchesAtOnce: 1,
    groupsAhead: 0,
    take: (batches) => Promise.resolve(batches.map(step)),
    settle: () => Promise.resolve(),
    dispose: () => undefined,
  };
}

type Tensors = Readonly<Record<"inputs" | "targets", Tensor>>;

/** The same step, recorded into a graph. */
export function compiledStepper({ model, loss, optimizer }: StepParts): Stepper {
  const step = ({ inputs, targets }: Tensors): Readonly<Record<string, Tensor>> => {
    const predictions = model.forward(inputs);
    const value = loss.forward(predictions, targets);
    model.accumulateGradients(loss.backward());
    optimizer.step();
    if (targets.dtype !== "int32" || targets.rank !== 1 || predictions.rank !== 2) {
      return { loss: value };
    }
    const isRight = equal(argMax(predictions), targets); // [batch]
    return { loss: value, accuracy: mean(cast(isRight, "float32")) };
  };
  // A loss may compare what a frozen network makes of images: its layers are in use too.
  const models = [model, ...layersOf(loss)];
  // Whether to stop is fit's question.
  const compiled = new CompiledStep(step, { model: models, optimizer }, () => () => false);
  return {
    get batchesAtOnce() {
      return compiled.stepsPerRun;
    },
    groupsAhead: 1,
    async take(batches) {
      const plain = batches.map(({ inputs, targets }) => ({ inputs, targets }));
      const { loss: losses, accuracy } = await compiled.run(plain);
      return Array.from(losses!, (value, index) => ({ loss: value, accuracy: accuracy?.[index] }));
    },
    settle: () => compiled.sync(),
    dispose: () => compiled.dispose(),
  };
}

// Those in its fields, and in those of losses that it is made of.
function layersOf(loss: Loss): Layer[] {
  const fields: readonly unknown[] = Object.values(loss).flat();
  return fields.flatMap((field) => {
    if (field instanceof Layer) return [field];
    return field instanceof Loss ? layersOf(field) : [];
  });
}
