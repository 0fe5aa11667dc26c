// Staging: batches and draws are written into arrays that go to the runner and come back to be written again.
import { allocate, type TypedArray } from "../dtype.ts";
import { sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { PlannedArray } from "./plan.ts";

/** One input of a run: its array, and where the numbers of each step come from. */
export interface Source {
  readonly array: PlannedArray;
  /** The numbers of one step. */
  readonly numbers: (batch: Readonly<Record<string, Tensor>>) => TypedArray;
}

/** Fills the inputs of runs. */
export class Staging {
  readonly #sources: readonly Source[];
  readonly #steps: number;
  readonly #free: (readonly TypedArray[])[] = [];
  #last: readonly TypedArray[] = [];

  constructor(sources: readonly Source[], steps: number) {
    this.#sources = sources;
    this.#steps = steps;
  }

  /** The arrays for a run, one batch for each step; draws come in the order of the eager steps. */
  stage(batches: readonly Readonly<Record<string, Tensor>>[]): readonly TypedArray[] {
    const arrays =
      this.#free.pop() ??
      this.#sources.map(({ array: { dtype, shape } }) => allocate(dtype, sizeOf(shape)));
    for (const [step, batch] of batches.entries()) {
      for (const [index, { numbers }] of this.#sources.entries()) {
        const array = arrays[index]!;
        array.set(numbers(batch), (step * array.length) / this.#steps);
      }
    }
    return arrays;
  }

  /** Takes back what a run has used. */
  takeBack(arrays: readonly TypedArray[]): void {
    this.#last = arrays;
    this.#free.push(arrays);
  }

  /** What the last step of the last run got, input by input. */
  lastStep(): TypedArray[] {
    return this.#last.map((array) => array.slice(-array.length / this.#steps));
  }
}
