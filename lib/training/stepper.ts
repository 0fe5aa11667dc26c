// Who takes the training steps: op by op, one at a time, or a compiled graph, several in one go.
import type { CompileOptions } from "../compile/compile-options.ts";
import { CompiledStep } from "../compile/compile.ts";
import type { Batch } from "../data/batches.ts";
import { Layer } from "../layers/layer.ts";
import { Loss } from "../losses/loss.ts";
import { equal } from "../ops/comparison.ts";
import { cast } from "../ops/convert.ts";
import { argMax, mean } from "../ops/reduce.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Tensor } from "../tensor.ts";
import { batchAccuracy, type Measured } from "./metrics.ts";
import { areSame, settingsIn } from "./recorded-settings.ts";

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
  /** Says that the caller's code runs next, which may change settings of layers, loss and optimizer ... */
  beforeCaller(): void;
  /** ... and that it has: from the next step on, what it changed counts. No group may be under way. */
  afterCaller(): void;
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
    beforeCaller: () => undefined,
    afterCaller: () => undefined,
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
  let compiled = compiledStep(parts, { ...how, verify });
  let settings: readonly unknown[] = [];
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
    // What changes while the caller's code runs was changed by it; forward passes may keep numbers in fields, too.
    beforeCaller: () => (settings = settingsIn({ ...parts })),
    afterCaller() {
      if (areSame(settings, settingsIn({ ...parts }))) return;
      const former = compiled;
      const { stepsPerRun } = former;
      // While there is a step over these weights, its thread stays.
      compiled = compiledStep(parts, stepsPerRun > 1 ? { ...how, stepsPerRun } : how);
      former.dispose();
    },
    settle: () => compiled.sync(),
    dispose: () => compiled.dispose(),
  };
}

type Tensors = Readonly<Record<"inputs" | "targets", Tensor>>;

function compiledStep(
  { model, loss, optimizer }: StepParts,
  how: Omit<CompileOptions, "model" | "optimizer">,
): CompiledStep<Tensors, Readonly<Record<string, Tensor>>> {
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
  return new CompiledStep(step, { model: models, optimizer, ...how }, () => () => false);
}

// Those in its fields, and in those of losses that it is made of.
function layersOf(loss: Loss): Layer[] {
  const fields: readonly unknown[] = Object.values(loss).flat();
  return fields.flatMap((field) => {
    if (field instanceof Layer) return [field];
    return field instanceof Loss ? layersOf(field) : [];
  });
}
