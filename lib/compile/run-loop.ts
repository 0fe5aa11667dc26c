// The run loop of a compiled step: batches in groups, each made ready while the one before runs.
import type { TypedArray } from "../dtype.ts";
import { BackendError } from "../errors.ts";
import { CallSettings } from "./state/call-settings.ts";
import type { Counted } from "./state/counts.ts";
import { firstGroup, type Group, joined } from "./groups.ts";
import type { Home } from "./home.ts";
import type { NamedResults, Program } from "./program.ts";
import type { Programs } from "./programs.ts";
import { RunInterrupted } from "./run-interrupted.ts";
import { disposed } from "./runners/runner.ts";
import type { RecordedSettings } from "./recording/recorded-settings.ts";
import type { Listed, StepState } from "./state/state.ts";
import type { StepFunction, Tensors } from "./step-types.ts";
import { runVerified } from "./verify.ts";

/** What a loop runs, and how. */
export interface RunLoopOptions {
  readonly step: StepFunction<Tensors, Tensors>;
  readonly home: Home;
  readonly own: StepState;
  readonly programs: Programs;
  readonly recordedSettings: RecordedSettings;
  /** All that the step lists, as it is now. */
  readonly listed: () => Listed;
  /** Undefined where the first steps tell. */
  readonly stepsPerRun: number | undefined;
  /** How many of the first steps are compared with eager ones. */
  readonly verify: number;
  /** Called by every run, gives what it asks between groups of steps: whether to stop. */
  readonly isStoppedBy: () => () => boolean;
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

/** How long a run should take, so that losses come often and a stop comes soon, in milliseconds. */
const RUN_MS = 100;
/** From here on, more steps in one go save nothing that could be measured. */
const MOST_STEPS = 16;

const stepsIn = (budget: number, milliseconds: number): number =>
  Math.max(1, Math.min(MOST_STEPS, Math.floor(budget / milliseconds)));

// For the caller of a step that was disposed of. Other steps that have their turn behind it go on.
function refused(): Promise<never> {
  const refusal = Promise.reject(disposed());
  refusal.catch(() => {});
  return refusal;
}

/** Takes lists of batches through the programs of a step. */
export class RunLoop {
  readonly #step: StepFunction<Tensors, Tensors>;
  readonly #home: Home;
  readonly #own: StepState;
  readonly #programs: Programs;
  readonly #recordedSettings: RecordedSettings;
  readonly #listed: () => Listed;
  readonly #isStoppedBy: () => () => boolean;
  #stepsPerRun: number | undefined;
  #toVerify: number;
  #recordingsSeen = 0;
  #hasRun = false;
  #hasEnded = false;

  constructor(options: RunLoopOptions) {
    this.#step = options.step;
    this.#home = options.home;
    this.#own = options.own;
    this.#programs = options.programs;
    this.#recordedSettings = options.recordedSettings;
    this.#listed = options.listed;
    this.#isStoppedBy = options.isStoppedBy;
    this.#stepsPerRun = options.stepsPerRun;
    this.#toVerify = options.verify;
  }

  /** How many batches run in one go. */
  get stepsPerRun(): number {
    return this.#stepsPerRun ?? 1;
  }

  /**
   * A run that is called now, to be started when it has its turn: it takes what everything is set to now. When its start
   * ends all groups are ready, and all but the last have run.
   */
  call(list: readonly Tensors[]): () => Promise<{ runs: Promise<NamedResults>[] }> {
    const settings = new CallSettings(this.#own.optimizers, this.#own.layers);
    const { held } = this.#home.state;
    return async () => {
      if (this.#hasEnded) return { runs: [refused()] };
      const { recordings } = this.#programs;
      // A layer may make others in its first forward, which is when the step is recorded.
      const mayBeOthers = recordings > this.#recordingsSeen;
      this.#recordingsSeen = recordings;
      const haveChanged = settings.during(() => this.#recordedSettings.haveChanged());
      if (haveChanged || mayBeOthers) await this.#takeParts();
      this.#home.state.refuseOthers(held);
      return this.#startAll(list, settings);
    };
  }

  /** Nothing is made ready any more. */
  end(): void {
    this.#hasEnded = true;
  }

  async #startAll(
    list: readonly Tensors[],
    settings: CallSettings,
  ): Promise<{ runs: Promise<NamedResults>[] }> {
    this.#takeChanges();
    this.#programs.begin();
    const isStopped = this.#isStoppedBy();
    const runs: Promise<NamedResults>[] = [];
    for (let at = 0; at < list.length;) {
      if (this.#hasEnded) return { runs: [...runs, refused()] };
      if (isStopped()) {
        await runs.at(-1);
        throw new RunInterrupted(at, list.length);
      }
      const isVerified = this.#toVerify > 0;
      const group = firstGroup(list, at, isVerified ? 1 : this.stepsPerRun);
      const former = runs.at(-1);
      const { running, steps, isSteady } = isVerified
        ? { running: this.#verify(group[0], settings), steps: 1, isSteady: false }
        : this.#start(group, settings);
      runs.push(running);
      at += steps;
      await former;
      // How many steps the next group has, the time of this one may tell; and what gradients there are, its end.
      if (!isSteady || this.#stepsPerRun === undefined) await running;
    }
    return { runs };
  }

  // Where layers or weights have come or gone, graphs of the former ones are of no use.
  async #takeParts(): Promise<void> {
    const { layers, slots, optimizers } = this.#listed();
    const isKnown = (part: object): boolean => this.#own.places.has(part);
    const parts = new Set<object>([...slots, ...optimizers, ...layers]);
    if (parts.size === this.#own.places.size && [...parts].every(isKnown)) return;
    // What runs now leaves the state of the former ones.
    await this.#home.turns.addAnyway(() => Promise.resolve());
    this.#home.takeAgain(this.#own, { layers, slots, optimizers });
    this.#programs.clear();
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
  #start(group: Group<Tensors>, settings: CallSettings): Started {
    const { counts, turns, runner } = this.#home;
    const program = this.#programFor(group, settings);
    const { steps, isSteady } = program;
    const start = performance.now();
    const batches = group.slice(0, steps);
    const ready = this.#stage(program, batches, settings);
    const staging = performance.now() - start;
    const running = turns.add(async () => {
      try {
        const { results, milliseconds } = await this.#run(ready);
        this.#measure(Math.max(staging, milliseconds) / steps);
        return results;
      } catch (error) {
        if (steps === 1 || !(error instanceof BackendError) || runner.hasEnded) throw error;
        return counts.again(ready.counted, () => this.#oneByOne(batches, settings));
      }
    });
    // Before anybody else hears of it; also when it fails with what comes before it.
    running.catch(() => counts.drop(ready.counted));
    return { running, steps, isSteady };
  }

  #stage(program: Program, batches: readonly Tensors[], settings: CallSettings): Ready {
    const { generators } = program;
    const counting = { optimizers: this.#own.optimizers, generators };
    const stage = (): ReturnType<Program["stage"]> => program.stage(batches);
    const ready = settings.during(() => this.#home.counts.stage(counting, stage));
    return { program, batches, ...ready };
  }

  #programFor(group: Group<Tensors>, settings: CallSettings): Program {
    const find = (): Program => this.#programs.for(group);
    return settings.during(() => this.#home.counts.ahead(this.#own.optimizers, find));
  }

  #run({ program, staged, batches, counted }: Ready): ReturnType<Program["run"]> {
    const { left, state } = this.#home;
    const { written, isSteady, after } = program;
    const notePresence = (): void => {
      if (!isSteady) state.haveLeft(this.#own, after);
    };
    return left.during({ written, counted, notePresence }, () => program.run(staged, batches));
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
  async #oneByOne(batches: readonly Tensors[], settings: CallSettings): Promise<NamedResults> {
    const pieces: NamedResults[] = [];
    for (const batch of batches) {
      const program = this.#programFor([batch], settings);
      pieces.push(await this.#runAlone(this.#stage(program, [batch], settings)));
    }
    return new Map(Object.entries(joined(pieces)));
  }

  // The first step of a graph also allocates its memory; how long the second one takes is what they all take.
  #measure(milliseconds: number): void {
    if (this.#hasRun) this.#stepsPerRun ??= stepsIn(RUN_MS, milliseconds);
    this.#hasRun = true;
  }

  async #verify(batch: Tensors, settings: CallSettings): Promise<NamedResults> {
    this.#toVerify--;
    // The model must have the numbers that the compiled step starts with.
    await this.#home.bring();
    const program = settings.during(() => this.#programs.for([batch]));
    let results: NamedResults | undefined;
    await runVerified({
      slots: this.#own.slots,
      optimizers: this.#own.optimizers,
      eager: () => settings.during(() => this.#step(batch)),
      compiled: async () => {
        const ready = this.#stage(program, [batch], settings);
        results = await this.#home.turns.add(() => this.#runAlone(ready));
        return { results, draws: program.lastDraws() };
      },
    });
    return results!;
  }
}
