// Who takes the training steps: op by op, one at a time, or a compiled graph, several in one go.
import { CompiledStep } from "../compile/compile.ts";
import type { Batch } from "../data/batches.ts";
import type { Layer } from "../layers/layer.ts";
import type { Loss } from "../losses/loss.ts";
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

/** How a recorded step runs. */
export interface CompiledStepperOptions {
  /**
   * Whether the caller looks at the model after every step: then steps run one by one, here, as eager ones do. Unless
   * given, several run in one go in a thread of their own.
   */
  readonly isWatched: boolean;
  /** How many of the first steps are also run eagerly and compared. */
  readonly verify: number;
}

/** The same step, recorded into a graph. */
export function compiledStepper(parts: StepParts, options: CompiledStepperOptions): Stepper {
  const { isWatched, verify } = options;
  const how = isWatched ? { worker: false, stepsPerRun: 1 } : {};
  const { model, loss, optimizer } = parts;
  // Whether to stop is fit's question.
  const compiled = new CompiledStep(
    recordedStep(parts),
    { model, loss, optimizer, ...how, verify },
    () => () => false,
  );
  return {
    get batchesAtOnce() {
      return compiled.stepsPerRun;
    },
    groupsAhead: isWatched ? 0 : 1,
    async take(batches) {
      const plain = batches.map(({ inputs, targets }) => ({ inputs, targets }));
      const { loss: losses, accuracy } = await compiled.run(plain);
      return Array.from(losses!, (value, index) => ({ loss: value, accuracy: accuracy?.[index] }));
    },
    settle: () => compiled.sync(),
    dispose: () => compiled.dispose(),
  };
}

type Tensors = Readonly<Record<"inputs" | "targets", Tensor>>;

const recordedStep =
  ({ model, loss, optimizer }: StepParts) =>
  ({ inputs, targets }: Tensors): Readonly<Record<string, Tensor>> => {
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
