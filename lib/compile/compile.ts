// compile: records a training step once, and runs it as one graph from then on.
import { requireOnnxRuntime, type RuntimeUser } from "../backends/onnx/runtime.ts";
import { refuseWhileRecording } from "../backends/select.ts";
import type { TypedArray } from "../dtype.ts";
import { ArgumentError, BackendError } from "../errors.ts";
import { interruptQuestion } from "../notebook.ts";
import { Caller } from "./caller.ts";
import { checkBatch, checkCall } from "./compile-check.ts";
import type { Counted } from "./counts.ts";
import { type CompileOptions, listOfBatches, settingsOf } from "./compile-options.ts";
import { firstGroup, type Group, joined } from "./groups.ts";
import { type Home, homeFor } from "./home.ts";
import type { NamedResults, Program } from "./program.ts";
import { Programs } from "./programs.ts";
import { disposed } from "./runner.ts";
import type { StepState } from "./state.ts";
import type { StepFunction, Tensors } from "./trace.ts";
import { RunInterrupted } from "./run-interrupted.ts";
import { runVerified } from "./verify.ts";

/** The numbers of every result, step by step, one behind the other; those of int32 and bool as float32. */
export type StepResults<Results extends Tensors> = {
  readonly [Name in keyof Results]: Float32Array;
};

/**
 * Records a training step into one graph, and runs that from then on.
 *
 * The step is the code that also runs eagerly: forward, loss, backward, `optimizer.step()`. It is called
 * once for every shape of a batch, on tensors that have shapes and no numbers. What it returns by name is
 * what `run` gives back. Weights, optimizer state and gradients that a step leaves to the next one live where the graph
 * runs. After a run the model and the optimizer hold tensors whose numbers come from there when somebody reads the first
 * of them: eager code, another compiled step over the same model, a file that is saved.
 *
 * @param step - takes a batch by name, such as `{ inputs, targets }`, and returns tensors by name
 * @throws {ArgumentError} when the step is no function, or the options lack something
 * @throws {BackendError} when ONNX Runtime does not load
 * @throws {TracingError} when a weight is not float32
 */
export function compile<Batch extends Tensors, Results extends Tensors>(
  step: StepFunction<Batch, Results>,
  options: CompileOptions,
): CompiledStep<Batch, Results> {
  return new CompiledStep(step, options);
}

/** A step that runs as one graph. */
export class CompiledStep<Batch extends Tensors, Results extends Tensors> {
  readonly #step: StepFunction<Batch, Results>;
  readonly #home: Home;
  readonly #own: StepState;
  readonly #programs: Programs;
  #stepsPerRun: number | undefined;
  #toVerify: number;
  readonly #isStoppedBy: () => () => boolean;
  #hasRun = false;
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
    const settings = settingsOf(options);
    const { layers, stepsPerRun, verify, threads, ranks } = settings;
    this.#step = step;
    const runtime = requireOnnxRuntime(WITHOUT_RUNTIME);
    const homeOptions = { ...settings, runtime };
    this.#home = homeFor(homeOptions);
    this.#own = this.#home.moveIn(homeOptions);
    this.#programs = new Programs({
      step: step as unknown as StepFunction<Tensors, Tensors>,
      layers,
      of: this.#own,
      home: this.#home,
      runtime,
      threads,
      ranks,
    });
    this.#stepsPerRun = stepsPerRun;
    this.#toVerify = verify;
    this.#isStoppedBy = isStoppedBy;
  }

  /**
   * Trains on one batch after the other, of any shapes. While a group of batches runs, the next one is made ready.
   * What gives batches one by one, such as `data.batches({ batchSize: 64, random })`, is gone through first: what it draws
   * comes before all that the steps draw. A tensor that the model holds afterwards can be read until the next run; one that was read keeps its numbers.
   *
   * @returns the numbers of all steps by name: a scalar result is a `Float32Array` of as many numbers as batches
   * @throws {TracingError} when a step calls it while it is recorded, or has read weights that it does not list and that
   * have changed since
   * @throws {ArgumentError} when a batch is something else than tensors by name
   * @throws {DTypeError} when the step computes in float64
   * @throws {VerificationError} when a step to be verified differs from the eager one
   * @throws {WorkerError} when the thread that runs the graph ends before its time
   * @throws {RunInterrupted} when the notebook's stop button is pressed; the steps before count
   */
  async run(batches: Batch | Iterable<Batch>): Promise<StepResults<Results>> {
    const caller = new Caller();
    try {
      const list = this.#checked(batches);
      // Chance is drawn in the order of the calls, whoever does not wait for the one before.
      const { runs } = await this.#home.starts.add(() => this.#startAll(list));
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
    await this.#home.starts.addAnyway(() => this.#bring());
  }

  /**
   * Frees the graphs and, after the last step over common weights, their thread; what runs have left is brought here
   * first.
   *
   * @throws {WorkerError} when the thread has ended with numbers that nobody has read
   */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#programs.clear();
    this.#home.moveOut();
  }

  /** How many batches run in one go. */
  get stepsPerRun(): number {
    return this.#stepsPerRun ?? 1;
  }

  #checked(batches: Batch | Iterable<Batch>): readonly Batch[] {
    refuseWhileRecording("run of a compiled step");
    if (this.#isDisposed) throw disposed();
    const list = listOfBatches(batches);
    for (const batch of list) checkBatch(batch);
    if (list.length > 0) return list;
    throw new ArgumentError(
      "compile: run expects at least one batch, got none. Pass { inputs, targets }, a list of such, or data.batches({ batchSize }).",
    );
  }

  #bring(): Promise<void> {
    return this.#home.turns.addAnyway(() => this.#home.left.bring());
  }

  // All groups of batches are ready when this ends, and all but the last have run.
  async #startAll(list: readonly Batch[]): Promise<{ runs: Promise<NamedResults>[] }> {
    this.#takeChanges();
    const isStopped = this.#isStoppedBy();
    const runs: Promise<NamedResults>[] = [];
    for (let at = 0; at < list.length;) {
      if (isStopped()) {
        await runs.at(-1);
        throw new RunInterrupted(at, list.length);
      }
      const isVerified = this.#toVerify > 0;
      const group = firstGroup(list, at, isVerified ? 1 : this.stepsPerRun);
      const former = runs.at(-1);
      const { running, steps, isSteady } = isVerified
        ? { running: this.#verify(group[0]), steps: 1, isSteady: false }
        : this.#start(group);
      runs.push(running);
      at += steps;
      await former;
      // How many steps the next group has, the time of this one may tell; and what gradients there are, its end.
      if (!isSteady || this.#stepsPerRun === undefined) await running;
    }
    return { runs };
  }

  // What somebody else put into the model since the last time goes to the runner.
  #takeChanges(): void {
    const { state, left, turns, runner } = this.#home;
    const changes = state.changes();
    if (changes.length === 0) return;
    left.bringBeforeWrite();
    void turns.addAnyway(() => runner.write(changes));
  }

  // Copies and draws now, and runs when all that came before is done.
  #start(group: Group<Batch>): Started {
    const { counts, turns } = this.#home;
    const program = this.#programFor(group);
    const { steps, isSteady } = program;
    const start = performance.now();
    const batches = group.slice(0, steps);
    const ready = this.#stage(program, batches);
    const staging = performance.now() - start;
    const running = turns.add(async () => {
      try {
        const { results, milliseconds } = await this.#run(ready);
        this.#measure(Math.max(staging, milliseconds) / steps);
        return results;
      } catch (error) {
        if (steps === 1 || !(error instanceof BackendError)) throw error;
        return counts.again(ready.counted, () => this.#oneByOne(batches));
      }
    });
    // Before anybody else hears of it; also when it fails with what comes before it.
    running.catch(() => counts.drop(ready.counted));
    return { running, steps, isSteady };
  }

  #stage(program: Program, batches: readonly Batch[]): Ready {
    const { generators } = program;
    const counting = { optimizers: this.#own.optimizers, generators };
    const ready = this.#home.counts.stage(counting, () => program.stage(batches));
    return { program, batches, ...ready };
  }

  #programFor(group: Group<Batch>): Program {
    return this.#home.counts.ahead(this.#own.optimizers, () => this.#programs.for(group));
  }

  #run({ program, staged, batches, counted }: Ready): ReturnType<Program["run"]> {
    const { left, counts, state } = this.#home;
    const run = async (): ReturnType<Program["run"]> => {
      const outcome = await program.run(staged, batches);
      if (!program.isSteady) state.haveLeft(this.#own, program.after);
      return outcome;
    };
    return counts.during(counted, () => left.during(program.written, run, () => counts.land()));
  }

  async #runAlone(ready: Ready): Promise<NamedResults> {
    try {
      return (await this.#run(ready)).results;
    } catch (error) {
      this.#home.counts.drop(ready.counted);
      throw error;
    }
  }

  // Of several steps that failed together, those before the one at fault count, as they do eagerly.
  async #oneByOne(batches: readonly Batch[]): Promise<NamedResults> {
    const pieces: NamedResults[] = [];
    for (const batch of batches) {
      pieces.push(await this.#runAlone(this.#stage(this.#programFor([batch]), [batch])));
    }
    return new Map(Object.entries(joined(pieces)));
  }

  // The first step of a graph also allocates its memory; how long the second one takes is what they all take.
  #measure(milliseconds: number): void {
    if (this.#hasRun) this.#stepsPerRun ??= stepsIn(RUN_MS, milliseconds);
    this.#hasRun = true;
  }

  async #verify(batch: Batch): Promise<NamedResults> {
    this.#toVerify--;
    // The model must have the numbers that the compiled step starts with.
    await this.#bring();
    const program = this.#programs.for([batch]);
    let results: NamedResults | undefined;
    await runVerified({
      slots: this.#own.slots,
      optimizers: this.#own.optimizers,
      eager: () => this.#step(batch),
      compiled: async () => {
        const ready = this.#stage(program, [batch]);
        results = await this.#home.turns.add(() => this.#runAlone(ready));
        return { results, draws: program.lastDraws() };
      },
    });
    return results!;
  }
}

/** A program with all that one run of it needs. */
interface Ready {
  readonly program: Program;
  readonly batches: readonly Tensors[];
  readonly staged: readonly TypedArray[];
  readonly counted: Counted;
}

/** A group of steps that was started, or the first of them. */
interface Started {
  readonly running: Promise<NamedResults>;
  /** How many. */
  readonly steps: number;
  /** Whether they leave no other gradients than they have found. */
  readonly isSteady: boolean;
}

const WITHOUT_RUNTIME: RuntimeUser = {
  name: "compile",
  instead: "go on op by op: call the step itself, or fit without compiled: true",
};

/** How long a run should take, so that losses come often and a stop comes soon, in milliseconds. */
const RUN_MS = 100;
/** From here on, more steps in one go save nothing that could be measured. */
const MOST_STEPS = 16;

const stepsIn = (budget: number, milliseconds: number): number =>
  Math.max(1, Math.min(MOST_STEPS, Math.floor(budget / milliseconds)));
