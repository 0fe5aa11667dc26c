// fit: the training loop, with shuffled batches, validation, early stopping, progress, and a clean stop when asked.
import { Caller } from "../compile/caller.ts";
import type { Batch } from "../data/batches.ts";
import type { Dataset } from "../data/dataset.ts";
import { groupDigits } from "../display.ts";
import { InterruptedError } from "../errors.ts";
import type { Layer } from "../layers/layer.ts";
import type { Loss } from "../losses/loss.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Generator } from "../random.ts";
import { BestWeights } from "./best-weights.ts";
import { checkFit } from "./fit-check.ts";
import { History, RunningMean } from "./history.ts";
import { LossWatch } from "./loss-watch.ts";
import type { Measured } from "./metrics.ts";
import { interruptQuestion } from "../notebook.ts";
import { switchToEvaluation } from "./predict.ts";
import { defaultProgress } from "./progress-default.ts";
import type { EpochRecord, ProgressReporter, StepEvent } from "./progress.ts";
import { groupsOf, UnderWay } from "./step-groups.ts";
import { compiledStepper, eagerStepper, type GroupTaker, type Stepper } from "./stepper.ts";

/** What `fit` trains with, and when it stops. */
export interface FitOptions {
  /** Examples to learn from: inputs `[examples, ...]` as the model takes them, targets `[examples, ...]` as the loss does. */
  readonly train: Dataset;
  /** Examples that are only measured, after each epoch. */
  readonly validation?: Dataset;
  /** How wrong the predictions are. */
  readonly loss: Loss;
  /** What moves the parameters: all that it was made with. */
  readonly optimizer: Optimizer;
  /** How often every training example is used, at most. */
  readonly epochs: number;
  /** Examples of one step. */
  readonly batchSize: number;
  /** Whether a last batch with fewer examples is left out of each epoch: batch normalisation cannot train on one. */
  readonly dropLast?: boolean;
  /** Source of chance for the order of the examples, which depends on its seed and the epoch alone. */
  readonly random: Generator;
  /**
   * Stop after so many epochs without a lower validation loss, and go back to the best weights and running means: to
   * those of the start when the validation loss was never a finite number.
   */
  readonly patience?: number;
  /**
   * Records the step into a graph and trains with that: the same numbers, several times as fast. A thread of its
   * own runs several steps in one go. With `onStep`, which may look at the model or change something, they run one by
   * one in the caller's thread: faster than without `compiled`, slower than without `onStep`. When `onStep` or `onEpoch`
   * changes a plain field of a layer, the loss or the optimizer, such as `loss.beta`, the step is recorded anew, which
   * takes some 20 milliseconds; what else it changes besides weights, states and the learning rate stays as recorded.
   */
  readonly compiled?: boolean;
  /** How many of the first compiled steps are also taken eagerly and compared; 0 unless given. */
  readonly verify?: number;
  /** Called after every step. A learning rate that it sets counts from the next step on. */
  readonly onStep?: (event: StepEvent) => void;
  /**
   * Called after every epoch. What it starts, such as `saveWeights(model, "digits.safetensors")`, is waited for when it
   * returns that.
   */
  readonly onEpoch?: (record: EpochRecord, index: number) => unknown;
  /** Who draws the progress; false: nobody. */
  readonly progress?: ProgressReporter | false;
}

/** The user stopped a training between two steps; the model keeps what it has learned so far. */
export class TrainingInterrupted extends InterruptedError {
  // The name by which notebook kernels know that their user pressed stop.
  override readonly name = "KeyboardInterrupt";
  // Hidden from the traceback, as the figure above it shows the same.
  readonly #history: History;

  constructor(history: History) {
    super(
      `fit: expected to train to the end; it was interrupted after ${counted(history.epochs.length, "whole epoch")} and ${counted(history.steps, "step")}. The model keeps what it has learned: call fit again to go on.`,
    );
    this.#history = history;
  }

  /** The epochs that were finished. */
  get history(): History {
    return this.#history;
  }
}

/**
 * Trains a model.
 *
 * For each epoch, for each batch in a new random order: forward, loss, backward, optimizer step; after the
 * epoch, loss and accuracy on the validation examples. Accuracy is measured where targets are int32 classes.
 * A loss that is no finite number is told once, on the console, with the step and what to try; training goes on.
 * Gradients from before are cleared at the start, those of parameters that no optimizer moves too.
 *
 * @param model - takes inputs `[batch, ...]`; its weights change in place of a result
 * @returns what happened in each epoch
 * @throws {TrainingInterrupted} when the notebook's stop button is pressed
 * @throws {VerificationError} when a compiled step to be verified differs from the eager one
 * @throws {WorkerError} when the thread of a compiled training ends before its time; the model keeps the last epoch
 * @throws {ArgumentError} when an option makes no sense
 */
export async function fit(model: Layer, options: FitOptions): Promise<History> {
  const caller = new Caller();
  checkFit(model, options);
  const reporter = options.progress === false ? {} : (options.progress ?? defaultProgress());
  // Where an earlier optimizer moved only some parameters, the others still hold all that its steps added up.
  for (const parameter of [...model.parameters(), ...options.optimizer.parameters]) {
    parameter.gradient = undefined;
  }
  const run = new TrainingRun(model, options, reporter);
  const modes = model.layers().map((layer) => ({ layer, training: layer.training }));
  try {
    return await run.train();
  } catch (error) {
    throw caller.addTo(error);
  } finally {
    // Whatever ended the training: the model has what it learned.
    await run.end();
    for (const { layer, training } of modes) layer.training = training;
    reporter.end?.();
  }
}

const counted = (count: number, what: string): string =>
  `${groupDigits(count)} ${what}${count === 1 ? "" : "s"}`;

// The event loop gets a turn this often, so that displays appear and messages are answered.
const BETWEEN_TURNS_MS = 40;

class TrainingRun {
  readonly #model: Layer;
  readonly #options: FitOptions;
  readonly #reporter: ProgressReporter;
  readonly #history = new History();
  readonly #best: BestWeights;
  readonly #lossWatch: LossWatch;
  readonly #isInterrupted = interruptQuestion();
  readonly #stepper: Stepper;
  readonly #underWay = new UnderWay();
  #lastTurn = performance.now();

  constructor(model: Layer, options: FitOptions, reporter: ProgressReporter) {
    this.#model = model;
    this.#options = options;
    this.#reporter = reporter;
    this.#best = new BestWeights([...model.parameters(), ...model.states()]);
    this.#lossWatch = new LossWatch(options.optimizer);
    const parts = { model, loss: options.loss, optimizer: options.optimizer };
    const { compiled = false, verify = 0, onStep } = options;
    this.#stepper = compiled
      ? compiledStepper(parts, { isWatched: onStep !== undefined, verify })
      : eagerStepper(parts);
  }

  async train(): Promise<History> {
    const { train, validation, epochs, batchSize, dropLast = false, patience } = this.#options;
    this.#reporter.begin?.({
      epochs,
      stepsPerEpoch: train.batches({ batchSize, dropLast }).length,
      hasValidation: validation !== undefined,
    });
    if (patience !== undefined) {
      // What an earlier compiled run has left must be here before the next one changes it.
      await this.#stepper.settle();
      this.#best.begin();
    }
    for (let epoch = 0; epoch < epochs; epoch++) {
      const record = await this.#epoch(epoch);
      this.#history.epochs.push(record);
      // Before the caller may change the weights that were measured.
      if (patience !== undefined) this.#best.offer(record.validationLoss!, epoch);
      await this.#options.onEpoch?.(record, epoch);
      this.#reporter.epoch?.(record, epoch);
      if (patience === undefined) continue;
      if (epoch - (this.#best.epoch ?? -1) < patience) continue;
      this.#history.stopped = "early";
      break;
    }
    if (patience !== undefined) this.#history.bestEpoch = this.#best.restore();
    return this.#history;
  }

  async #epoch(epoch: number): Promise<EpochRecord> {
    const { train, validation, batchSize, dropLast = false, random } = this.#options;
    const start = performance.now();
    const batches = train.batches({ batchSize, random, epoch, dropLast });
    const measured = { loss: new RunningMean(), accuracy: new RunningMean() };
    let step = 0;
    const report = (group: readonly Batch[], results: readonly Measured[]): void => {
      for (const [index, result] of results.entries()) {
        measured.loss.add(result.loss, group[index]!.inputs.shape[0]!);
        measured.accuracy.add(result.accuracy, group[index]!.inputs.shape[0]!);
        const event = withoutUndefined({ epoch, step, stepsPerEpoch: batches.length, ...result });
        this.#lossWatch.see(event);
        this.#options.onStep?.(event);
        this.#reporter.step?.(event);
        step++;
      }
    };
    await this.#inGroups(batches, this.#stepper, async (group) => {
      report(group, await this.#take(group));
    });
    await this.#stepper.settle();
    const onValidation = validation && (await this.#measure(validation));
    return withoutUndefined({
      loss: measured.loss.value!,
      accuracy: measured.accuracy.value,
      validationLoss: onValidation?.loss,
      validationAccuracy: onValidation?.accuracy,
      seconds: (performance.now() - start) / 1000,
    });
  }

  /** Brings what was learned into the model, and frees what the steps needed. */
  async end(): Promise<void> {
    try {
      await this.#stepper.settle();
    } finally {
      this.#stepper.dispose();
    }
  }

  async #take(batches: readonly Batch[]): Promise<Measured[]> {
    this.#model.train();
    const results = await this.#stepper.take(batches);
    this.#history.steps += batches.length;
    return results;
  }

  // In evaluation mode to the end: layers that are new in the model begin to count when a graph has its turn.
  async #measure(data: Dataset): Promise<Measured> {
    const putBack = switchToEvaluation(this.#model);
    try {
      return await this.#measureAll(data);
    } finally {
      putBack();
    }
  }

  async #measureAll(data: Dataset): Promise<Measured> {
    const mean = { loss: new RunningMean(), accuracy: new RunningMean() };
    const { evaluation } = this.#stepper;
    const batches = data.batches({ batchSize: this.#options.batchSize });
    await this.#inGroups(batches, evaluation, async (group) => {
      for (const [index, { loss, accuracy }] of (await evaluation.take(group)).entries()) {
        const [examples] = group[index]!.inputs.shape;
        mean.loss.add(loss, examples!);
        mean.accuracy.add(accuracy, examples!);
      }
    });
    return { loss: mean.loss.value!, accuracy: mean.accuracy.value };
  }

  // While a group is under way, the next one gets ready.
  async #inGroups(
    batches: Iterable<Batch>,
    taker: GroupTaker,
    take: (group: readonly Batch[]) => Promise<void>,
  ): Promise<void> {
    for (const group of groupsOf(batches, taker)) {
      await this.#breathe();
      this.#underWay.add(take(group));
      await this.#underWay.finishAllBut(taker.groupsAhead);
    }
    await this.#underWay.finishAllBut(0);
  }

  // Between two steps: let others run, then stop if that was asked for. No step is ever torn.
  async #breathe(): Promise<void> {
    if (performance.now() - this.#lastTurn > BETWEEN_TURNS_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#lastTurn = performance.now();
    }
    if (!this.#isInterrupted()) return;
    await this.#underWay.finishAllBut(0);
    this.#history.stopped = "interrupt";
    throw new TrainingInterrupted(this.#history);
  }
}

type Defined<Fields> = { [Name in keyof Fields]: Exclude<Fields[Name], undefined> };

// An absent property rather than one that is undefined: exact optional types tell them apart.
function withoutUndefined<Fields extends object>(fields: Fields): Defined<Fields> {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Defined<Fields>;
}
