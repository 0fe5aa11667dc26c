// What the host counts and draws for runs. Runs get ready ahead of each other; what can be read belongs to the weights.
import { StateError } from "../../errors.ts";
import type { Optimizer } from "../../optimizers/optimizer.ts";
import type { OptimizerProgress } from "../../optimizers/progress.ts";
import { type Generator, type GeneratorState, hidePlace } from "../../random.ts";
import { noteProgress, putProgress } from "./progress.ts";

/** Where a run that is ready will have brought optimizers and generators. */
export interface Counted {
  readonly progress: ReadonlyMap<Optimizer, OptimizerProgress>;
  readonly places: ReadonlyMap<Generator, GeneratorState>;
  /** Not the same any more when that was taken back. */
  readonly line: object;
}

/** Who takes part in a run. */
export interface Counting {
  readonly optimizers: readonly Optimizer[];
  readonly generators: readonly Generator[];
}

interface AheadProgress {
  /** The step count that the optimizer shows; if it shows another one, somebody else has put it there. */
  seen: number;
  /** After all that is ready. */
  readonly progress: OptimizerProgress;
}

interface AheadPlace {
  /** After the last run that has ended. */
  landed: GeneratorState;
  /** After all that is ready. */
  readonly place: GeneratorState;
}

interface SettledProgress {
  /** What the optimizer shows since the last run that has ended. */
  seen: number;
  readonly progress: OptimizerProgress;
}

/** The counts of all runs that are ready and have not ended. */
export class Counts {
  // An optimizer shows what the weights have seen, and counts ahead are kept here ...
  readonly #progress = new Map<Optimizer, AheadProgress>();
  // ... a generator is where it draws next, and hides that until it belongs to the weights.
  readonly #places = new Map<Generator, AheadPlace>();
  // Where runs that have ended found them, since somebody last had the numbers of the weights.
  readonly #settledProgress = new Map<Optimizer, SettledProgress>();
  readonly #settledPlaces = new Map<Generator, GeneratorState>();
  #line = {};

  /** Does something with optimizers that are where all that is ready will have brought them. */
  ahead<Result>(optimizers: readonly Optimizer[], work: () => Result): Result {
    const putBack = noteProgress(optimizers);
    for (const optimizer of optimizers) {
      const known = this.#progress.get(optimizer);
      if (known?.seen === optimizer.stepCount) putProgress(optimizer, known.progress);
    }
    try {
      return work();
    } finally {
      putBack();
    }
  }

  /** Counts and draws for a run, which makes it ready. What fails has not happened. */
  stage<Result>(
    { optimizers, generators }: Counting,
    work: () => Result,
  ): { readonly staged: Result; readonly counted: Counted } {
    const before = new Map(generators.map((generator) => [generator, shown(generator)]));
    try {
      const staged = this.ahead(optimizers, () => {
        const result = work();
        const progress = new Map(optimizers.map((each) => [each, each.progress]));
        return { result, progress };
      });
      const places = new Map(generators.map((generator) => [generator, generator.state]));
      for (const [optimizer, progress] of staged.progress) {
        this.#progress.set(optimizer, { seen: optimizer.stepCount, progress });
      }
      for (const [generator, place] of places) {
        const { landed } = this.#places.get(generator) ?? { landed: before.get(generator)! };
        this.#places.set(generator, { landed, place });
      }
      const counted = { progress: staged.progress, places, line: this.#line };
      return { staged: staged.result, counted };
    } catch (error) {
      for (const [generator, place] of before) generator.resume(place);
      throw error;
    } finally {
      for (const generator of generators) {
        if (this.#places.has(generator)) hidePlace(generator, refusePlace);
      }
    }
  }

  /** A run has left its weights: what was counted for it can be read. */
  land({ progress, places, line }: Counted): void {
    if (line !== this.#line) return;
    for (const [optimizer, reached] of progress) {
      const known = this.#progress.get(optimizer);
      // Counts that somebody else has put there meanwhile stay.
      if (known?.seen === optimizer.stepCount) {
        const { progress: before } = this.#settledProgress.get(optimizer) ?? optimizer;
        this.#settledProgress.set(optimizer, { seen: reached.stepCount, progress: before });
        putProgress(optimizer, reached);
        known.seen = reached.stepCount;
      }
      if (known?.progress === reached) this.#progress.delete(optimizer);
    }
    for (const [generator, reached] of places) {
      const known = this.#places.get(generator);
      if (known === undefined) continue;
      if (!this.#settledPlaces.has(generator)) this.#settledPlaces.set(generator, known.landed);
      known.landed = reached;
      if (known.place !== reached) continue;
      this.#places.delete(generator);
      hidePlace(generator, undefined);
    }
  }

  /** Somebody has the numbers of the weights that runs have left. */
  settle(): void {
    this.#settledProgress.clear();
    this.#settledPlaces.clear();
  }

  /** The weights are those again that somebody last had numbers of: what was counted and drawn since is taken back. */
  goBack(): void {
    this.dropAll();
    for (const [optimizer, { seen, progress }] of this.#settledProgress) {
      if (optimizer.stepCount === seen) putProgress(optimizer, progress);
    }
    for (const [generator, place] of this.#settledPlaces) generator.resume(place);
    this.settle();
  }

  /** A run has failed, and so have all that wait behind it: what was counted and drawn for them is taken back. */
  drop({ line }: Counted): void {
    if (line === this.#line) this.dropAll();
  }

  /** The same for all that is ready. */
  dropAll(): void {
    this.#line = {};
    this.#progress.clear();
    this.#rewind();
  }

  /** A run has failed and is done again in other pieces, while those that wait behind it stay ready. */
  async again<Result>(counted: Counted, pieces: () => Promise<Result>): Promise<Result> {
    const progress = [...this.#progress];
    const places = [...this.#places.keys()].map((each) => [each, shown(each)] as const);
    const ahead = new Map(this.#places);
    this.#progress.clear();
    this.#rewind();
    const result = await pieces();
    for (const [optimizer, known] of progress) {
      this.#progress.set(optimizer, { ...known, seen: optimizer.stepCount });
    }
    for (const [generator, place] of places) {
      generator.resume(place);
      this.#places.set(generator, ahead.get(generator)!);
      hidePlace(generator, refusePlace);
    }
    this.land(counted);
    return result;
  }

  // Generators draw again what was drawn for runs that have not ended.
  #rewind(): void {
    for (const [generator, { landed }] of this.#places) {
      hidePlace(generator, undefined);
      generator.resume(landed);
    }
    this.#places.clear();
  }
}

function shown(generator: Generator): GeneratorState {
  hidePlace(generator, undefined);
  return generator.state;
}

function refusePlace(): never {
  throw new StateError(
    "compile: the place of a generator can be read or changed when the runs that draw from it have ended, and a run is still under way. " +
      "Await what run(...) returns first; with fit, do it in onEpoch.",
  );
}
