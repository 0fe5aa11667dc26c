// Who trains and measures: op by op, one batch at a time, or compiled graphs, several in one go.
import { CompiledStep } from "../compile/compile.ts";
import type { CompileOptions } from "../compile/compile-options.ts";
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

/** Takes batches in groups. */
export interface GroupTaker {
  /** How many batches it likes to get at once. */
  readonly batchesAtOnce: number;
  /** How many groups of batches may be under way while it gets another one. */
  readonly groupsAhead: number;
  /** Takes one batch after the other. */
  take(batches: readonly Batch[]): Promise<Measured[]>;
}

/** Takes training steps, one for each batch. */
export interface Stepper extends GroupTaker {
  /** Only measures; the caller switches the model to evaluation. */
  readonly evaluation: GroupTaker;
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
  const measure = ({ inputs, targets }: Batch): Measured => {
    const predictions = model.forward(inputs);
    const value = loss.forward(predictions, targets);
    return { loss: value.item(), accuracy: batchAccuracy(predictions, targets) };
  };
  return {
    ...oneByOne(step),
    evaluation: oneByOne(measure),
    settle: () => Promise.resolve(),
    dispose: () => undefined,
  };
}

const oneByOne = (take: (batch: Batch) => Measured): GroupTaker => ({
  batchesAtOnce: 1,
  groupsAhead: 0,
  take: (batches) => Promise.resolve(batches.map(take)),
});

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

/**
 * The same steps, recorded into graphs: they have the weights in common, and the thread.
 *
 * Op by op, measuring the 10,000 test images took 10 to 13 % of an epoch on MNIST; a graph takes a half to a fifth of that.
 */
export function compiledStepper(parts: StepParts, options: CompiledStepperOptions): Stepper {
  const { isWatched, verify } = options;
  const how = isWatched ? { worker: false, stepsPerRun: 1 } : {};
  const { model, loss, optimizer } = parts;
  const compiled = (step: Step, own: Pick<CompileOptions, "optimizer" | "verify">): Compiled =>
    // Whether to stop is fit's question.
    new CompiledStep(step, { model, loss, ...how, ...own }, () => () => false);
  const training = compiled(trainingStep(parts), { optimizer, verify });
  const evaluation = compiled(measuringStep(parts), { optimizer: [] });
  const groupsAhead = isWatched ? 0 : 1;
  return {
    get batchesAtOnce() {
      return training.stepsPerRun;
    },
    groupsAhead,
    take: (batches) => measuredBy(training, batches),
    evaluation: {
      get batchesAtOnce() {
        return evaluation.stepsPerRun;
      },
      groupsAhead,
      take: (batches) => measuredBy(evaluation, batches),
    },
    settle: () => training.sync(),
    dispose() {
      evaluation.dispose();
      training.dispose();
    },
  };
}

type Tensors = Readonly<Record<"inputs" | "targets", Tensor>>;
type Results = Readonly<Record<string, Tensor>>;
type Step = (batch: Tensors) => Results;
type Compiled = CompiledStep<Tensors, Results>;

async function measuredBy(step: Compiled, batches: readonly Batch[]): Promise<Measured[]> {
  const plain = batches.map(({ inputs, targets }) => ({ inputs, targets }));
  const { loss: losses, accuracy } = await step.run(plain);
  return Array.from(losses!, (value, index) => ({ loss: value, accuracy: accuracy?.[index] }));
}

const trainingStep =
  ({ model, loss, optimizer }: StepParts): Step =>
  ({ inputs, targets }) => {
    const predictions = model.forward(inputs);
    const value = loss.forward(predictions, targets);
    model.accumulateGradients(loss.backward());
    optimizer.step();
    return withAccuracy(value, predictions, targets);
  };

const measuringStep =
  ({ model, loss }: StepParts): Step =>
  ({ inputs, targets }) => {
    const predictions = model.forward(inputs);
    return withAccuracy(loss.forward(predictions, targets), predictions, targets);
  };

// Where targets are classes, `[batch]`, and predictions `[batch, classes]`.
function withAccuracy(loss: Tensor, predictions: Tensor, targets: Tensor): Results {
  if (targets.dtype !== "int32" || targets.rank !== 1 || predictions.rank !== 2) return { loss };
  const isRight = equal(argMax(predictions), targets); // [batch]
  return { loss, accuracy: mean(cast(isRight, "float32")) };
}
