// A program: one recorded step with its inputs staged, and the runner's model behind it.
import type { TypedArray } from "../dtype.ts";
import { explainFailure } from "./failed-node.ts";
import type { Recording } from "./record.ts";
import type { RunOutcome } from "./plan.ts";
import type { Runner } from "./runner.ts";
import { Staging } from "./staging.ts";
import type { Tensors } from "./trace.ts";

/** Results by name: the numbers of all steps of a run, one behind the other. */
export type NamedResults = ReadonlyMap<string, Float32Array>;

/** A step that runs without recording, several times in one go. */
export class Program {
  /** Nodes of the model. */
  readonly size: number;
  readonly #recording: Recording;
  readonly #runner: Runner;
  readonly #number: number;
  readonly #staging: Staging;

  /** @param number - what the runner calls it */
  constructor(recording: Recording, runner: Runner, number: number) {
    this.size = recording.size;
    this.#recording = recording;
    this.#runner = runner;
    this.#number = number;
    this.#staging = new Staging(recording.sources, recording);
  }

  /** Prepares the model. */
  async open(): Promise<void> {
    try {
      await this.#runner.open(this.#number, this.#recording.plan);
    } catch (error) {
      throw explainFailure(error, this.#recording.sites);
    }
  }

  /** Copies as many batches as the program has steps, and draws for them. */
  stage(batches: readonly Tensors[]): readonly TypedArray[] {
    return this.#staging.stage(batches);
  }

  /** Runs what was staged. @returns every result of every step, and how long it took in milliseconds */
  async run(
    staged: readonly TypedArray[],
  ): Promise<{ results: NamedResults; milliseconds: number }> {
    const { results, feeds, milliseconds } = await this.#runOn(staged);
    this.#staging.takeBack(feeds);
    const named = this.#recording.resultNames.map(
      (name, index) => [name, results[index] as Float32Array] as const,
    );
    return { results: new Map(named), milliseconds };
  }

  async #runOn(staged: readonly TypedArray[]): Promise<RunOutcome> {
    try {
      return await this.#runner.run(this.#number, staged);
    } catch (error) {
      throw explainFailure(error, this.#recording.sites);
    }
  }

  /** What was drawn for the last step of the last run, in order. */
  lastDraws(): readonly TypedArray[] {
    return this.#staging.lastStep().slice(this.#recording.batchNames.length);
  }

  /** Frees the model. */
  close(): Promise<void> {
    return this.#runner.close(this.#number);
  }
}
