// A program: one recorded step with its inputs staged, and the runner's model behind it.
import type { TypedArray } from "../dtype.ts";
import type { Constants, Held } from "./runners/constants.ts";
import { explainFailure } from "./recording/failed-node.ts";
import type { Recording } from "./recording/record.ts";
import type { RunOutcome } from "./recording/plan.ts";
import type { Generator } from "../random.ts";
import type { Runner } from "./runners/runner.ts";
import type { Slot } from "./state/state-arrays.ts";
import { Staging } from "./runners/staging.ts";
import type { Tensors } from "./step-types.ts";
import type { UnlistedReads } from "./recording/unlisted.ts";

/** Results by name: the numbers of all steps of a run, one behind the other. */
export type NamedResults = ReadonlyMap<string, Float32Array>;

/** Who runs a program. */
export interface ProgramOwner {
  readonly runner: Runner;
  /** What the runner calls it. */
  readonly number: number;
  readonly constants: Constants;
  /** Told that the program is of no use. */
  readonly forget: () => void;
}

/** A step that runs without recording, several times in one go. */
export class Program {
  /** Nodes of the model. */
  readonly size: number;
  /** Steps of one run. */
  readonly steps: number;
  /** Slots that hold something after a run. */
  readonly after: ReadonlySet<Slot>;
  /** Whether the same slots held something before. */
  readonly isSteady: boolean;
  /** Numbers of the arrays of the state that it makes anew. */
  readonly written: readonly number[];
  /** Where its chance comes from. */
  readonly generators: readonly Generator[];
  readonly unlisted: UnlistedReads;
  /**
   * Calls the step again.
   *
   * @returns whether it holds learning rates as numbers
   * @throws {TracingError} when it does something else than what was recorded
   */
  readonly callAgain: () => boolean;
  readonly #names: Pick<Recording, "batchNames" | "resultNames">;
  readonly #sites: Recording["sites"];
  readonly #owner: ProgramOwner;
  readonly #staging: Staging;
  // What is to be opened. Once it is, all that is large about it is the runner's alone.
  #closed: Pick<Recording, "plan" | "constants"> | undefined;
  #held: Held[] = [];
  #lastRun = 0;
  #runs = 0;

  constructor(recording: Recording, owner: ProgramOwner) {
    const { plan, constants, sources, steps, ranks, batchNames, resultNames } = recording;
    this.size = recording.size;
    this.steps = steps;
    this.after = recording.after;
    this.isSteady = recording.isSteady;
    this.written = plan.state.written;
    this.generators = recording.generators;
    this.unlisted = recording.unlisted;
    this.callAgain = recording.callAgain;
    this.#names = { batchNames, resultNames };
    this.#sites = recording.sites;
    this.#owner = owner;
    this.#staging = new Staging(sources, { steps, ranks });
    this.#closed = { plan, constants };
  }

  /**
   * Notes that it takes part in a run, by number. @returns whether the step is to be called again for it: in its run 2, 4,
   * 8, ..., as the longer it goes well, the less there is to be seen
   */
  isDueIn(run: number): boolean {
    if (run === this.#lastRun) return false;
    this.#lastRun = run;
    this.#runs++;
    return this.#runs > 1 && (this.#runs & (this.#runs - 1)) === 0;
  }

  /** Prepares the model, unless that has been done. What cannot be opened is forgotten, and recorded again when it is needed. */
  async open(): Promise<void> {
    if (this.#closed === undefined) return;
    const { runner, number, constants, forget } = this.#owner;
    const { plan, constants: arrays } = this.#closed;
    this.#closed = undefined;
    try {
      for (const numbers of arrays) this.#held.push(await constants.hold(numbers));
      await runner.open(
        number,
        plan,
        this.#held.map((held) => held.number),
      );
    } catch (error) {
      forget();
      await this.#letGo();
      throw explainFailure(error, this.#sites);
    }
  }

  /** Copies as many batches as the program has steps, and draws for them. */
  stage(batches: readonly Tensors[]): readonly TypedArray[] {
    return this.#staging.stage(batches);
  }

  /**
   * Runs what was staged; the first time, it prepares the model.
   *
   * @param batches - what was staged, for words when it fails
   * @returns every result of every step, and how long it took in milliseconds
   */
  async run(
    staged: readonly TypedArray[],
    batches: readonly Tensors[],
  ): Promise<{ results: NamedResults; milliseconds: number }> {
    await this.open();
    const { results, feeds, milliseconds } = await this.#runOn(staged, batches);
    this.#staging.takeBack(feeds);
    const named = this.#names.resultNames.map(
      (name, index) => [name, results[index] as Float32Array] as const,
    );
    return { results: new Map(named), milliseconds };
  }

  async #runOn(
    staged: readonly TypedArray[],
    [first, ...others]: readonly Tensors[],
  ): Promise<RunOutcome> {
    try {
      return await this.#owner.runner.run(this.#owner.number, staged);
    } catch (error) {
      throw explainFailure(error, this.#sites, others.length > 0 ? {} : first);
    }
  }

  /** A copy of what was drawn for the last step of the last run, in order. */
  lastDraws(): readonly TypedArray[] {
    const draws = this.#staging.lastStep().slice(this.#names.batchNames.length);
    return draws.map((numbers) => numbers.slice());
  }

  /** Frees the model. */
  async close(): Promise<void> {
    await this.#owner.runner.close(this.#owner.number);
    await this.#letGo();
  }

  async #letGo(): Promise<void> {
    const held = this.#held;
    this.#held = [];
    for (const each of held) await this.#owner.constants.letGo(each);
  }
}
