// compile: records a training step once, and runs it as one graph from then on.
import { requireOnnxRuntime, type RuntimeUser } from "../backends/onnx/runtime.ts";
import { refuseWhileRecording } from "../backends/select.ts";
import { type MimeBundle, showItself } from "../display.ts";
import { ArgumentError } from "../errors.ts";
import { interruptQuestion } from "../notebook.ts";
import { Caller } from "./caller.ts";
import { checkCall, checkedBatch } from "./compile-check.ts";
import { type CompileOptions, listedBy, listOfBatches, settingsOf } from "./compile-options.ts";
import { joined } from "./groups.ts";
import { type Home, homeFor } from "./home.ts";
import { Programs } from "./programs.ts";
import { RunLoop } from "./run-loop.ts";
import { disposed } from "./runners/runner.ts";
import { RecordedSettings } from "./recording/recorded-settings.ts";
import type { ByName, OfTensors, StepFunction, Tensors } from "./step-types.ts";

/** The numbers of every result, step by step, one behind the other; those of int32 and bool as float32. */
export type StepResults<Results> = {
  readonly [Name in keyof Results]: Float32Array;
};

/**
 * Records a training step into one graph, and runs that from then on.
 *
 * The step is the code that also runs eagerly: forward, loss, backward, `optimizer.step()`. It is recorded once for every
 * shape of a batch, on tensors that have shapes and no numbers, and must do the same in every call, which is tried twice.
 * What it returns by name is what `run` gives back. Weights, optimizer state and gradients that a step leaves to the next
 * one live where the graph runs. After a run the model and the optimizer hold tensors whose numbers come from there when
 * somebody reads the first of them: eager code, another compiled step over the same model, a file that is saved.
 *
 * @param step - takes a batch by name, such as `{ inputs, targets }`, and returns tensors by name
 * @throws {ArgumentError} when the step is no function, or the options lack something
 * @throws {BackendError} when ONNX Runtime does not load
 * @throws {TracingError} when a weight is not float32
 */
export function compile<Batch = Tensors, Results = Tensors>(
  step: StepFunction<Batch, ByName<Results>> & OfTensors<Batch>,
  options: CompileOptions,
): CompiledStep<Batch, Results> {
  return new CompiledStep(step as StepFunction<Batch, Results>, options);
}

/** A step that runs as one graph. */
export class CompiledStep<Batch, Results> {
  readonly #home: Home;
  readonly #programs: Programs;
  readonly #loop: RunLoop;
  // What it trains, in words.
  readonly #subject: string;
  #isDisposed = false;

  /**
   * For `compile`.
   *
   * @param isStoppedBy - called by every run, gives what it asks between groups of steps: whether to stop
   */
  constructor(
    step: StepFunction<Batch, Results>,
    options: CompileOptions,
    isStoppedBy: () => () => boolean = interruptQuestion,
  ) {
    checkCall(step, options);
    refuseWhileRecording("compile");
    const how = settingsOf(options);
    const { stepsPerRun, verify, threads, ranks } = how;
    const untyped = step as unknown as StepFunction<Tensors, Tensors>;
    const runtime = requireOnnxRuntime(WITHOUT_RUNTIME);
    const homeOptions = { ...how, ...listedBy(options), runtime };
    const { model, optimizer, loss } = options;
    const recordedSettings = new RecordedSettings({ model, optimizer, loss });
    const home = homeFor(homeOptions);
    const own = home.moveIn(homeOptions);
    this.#home = home;
    this.#programs = new Programs({
      step: untyped,
      of: own,
      recordedSettings,
      home,
      runtime,
      threads,
      ranks,
    });
    this.#loop = new RunLoop({
      step: untyped,
      home,
      own,
      programs: this.#programs,
      recordedSettings,
      listed: () => listedBy(options),
      stepsPerRun,
      verify,
      isStoppedBy,
    });
    this.#subject = [options.model, options.optimizer]
      .flat()
      .map((part) => part.constructor.name)
      .join(", ");
  }

  /**
   * Trains on one batch after the other, of any shapes. While a group of batches runs, the next one is made ready.
   * What gives batches one by one, such as `data.batches({ batchSize: 64, random })`, is gone through first: what it draws
   * comes before all that the steps draw. A tensor that the model holds afterwards can be read until the next run; one
   * that was read keeps its numbers. Learning rates and modes (`model.eval()`) are those of the call; await it
   * before you change anything else.
   *
   * @returns the numbers of all steps by name: a scalar result is a `Float32Array` of as many numbers as batches
   * @throws {TracingError} when the step does what a graph cannot do, or something else than when it was recorded; when it
   * has read weights that it does not list and that have changed since; and when a step calls it while it is recorded
   * @throws {ArgumentError} when a batch is something else than tensors by name
   * @throws {DTypeError} when the step computes in float64
   * @throws {VerificationError} when a step to be verified differs from the eager one
   * @throws {StateError} when weights are put into the model before its turn, or the step is disposed of
   * @throws {WorkerError} when the thread that runs the graph ends before its time
   * @throws {RunInterrupted} when the notebook's stop button is pressed; the steps before count
   */
  async run(batches: Batch | Iterable<Batch>): Promise<StepResults<Results>> {
    const caller = new Caller();
    try {
      const list = this.#checked(batches);
      // Chance is drawn in the order of the calls, whoever does not wait for the one before.
      const { runs } = await this.#home.starts.add(this.#loop.call(list));
      return joined(await Promise.all(runs)) as StepResults<Results>;
    } catch (error) {
      throw caller.addTo(error);
    }
  }

  /**
   * Brings the numbers that runs have left in the model and the optimizer here, without keeping this thread waiting as
   * the first reader would. What is read has the same numbers with or without it.
   *
   * @throws {WorkerError} when the thread that runs the graph has ended; the model keeps what was last read or synced
   */
  async sync(): Promise<void> {
    if (this.#isDisposed) throw disposed();
    await this.#home.starts.addAnyway(() => this.#home.bring());
  }

  /**
   * Frees the graphs and, after the last step over common weights, their thread; what runs have left is brought here
   * first. A group of batches that runs is waited for and counts; those behind it are not trained on, and whoever waits
   * for them gets a `StateError`.
   *
   * @throws {WorkerError} when the thread has ended with numbers that nobody has read
   */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#loop.end();
    this.#programs.clear();
    this.#home.moveOut();
  }

  /** How many batches run in one go. */
  get stepsPerRun(): number {
    return this.#loop.stepsPerRun;
  }

  /** What it trains, and what has been recorded of it. */
  toString(): string {
    const graphs = this.#programs.count === 1 ? "1 graph" : `${this.#programs.count} graphs`;
    const steps = this.stepsPerRun === 1 ? "1 step" : `${this.stepsPerRun} steps`;
    const how = this.#isDisposed ? "disposed" : `${graphs} recorded, ${steps} in one run`;
    return `CompiledStep of ${this.#subject}: ${how}`;
  }

  /** What a notebook shows. */
  toMimeBundle(): MimeBundle {
    return { "text/plain": this.toString() };
  }

  static {
    showItself(CompiledStep);
  }

  #checked(batches: Batch | Iterable<Batch>): readonly Tensors[] {
    refuseWhileRecording("run of a compiled step");
    if (this.#isDisposed) throw disposed();
    const list = listOfBatches(batches);
    if (list.length > 0) return list.map(checkedBatch);
    throw new ArgumentError(
      "compile: run expects at least one batch, got none. Pass { inputs, targets }, a list of such, or data.batches({ batchSize }).",
    );
  }
}

const WITHOUT_RUNTIME: RuntimeUser = {
  name: "compile",
  instead: "go on op by op: call the step itself, or fit without compiled: true",
};
