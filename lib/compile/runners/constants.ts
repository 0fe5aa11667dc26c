// Large constants: a runner holds their numbers once, however many programs and runs read them.
import type { Graph } from "../../backends/onnx/graph.ts";
import type { HandedIn } from "../../backends/onnx/graph-contents.ts";
import type { TypedArray } from "../../dtype.ts";
import type { Runner } from "./runner.ts";

/**
 * Constants of more bytes are no part of a model, where they would be copied four times on their way into ONNX Runtime,
 * and may together take no more than 2 GB.
 */
const LARGE = 2 ** 20;

/** Takes the large constants out of a graph: they are its inputs now. */
export const takeConstants = (graph: Graph): HandedIn[] => graph.handIn(LARGE);

/** An array that a runner holds. */
export interface Held {
  /** What the runner calls it. */
  readonly number: number;
  /** How many programs read it. */
  users: number;
}

/** Which arrays a runner holds. Tensors never change, so the same array has the same numbers for all. */
export class Constants {
  readonly #runner: Runner;
  readonly #known = new WeakMap<TypedArray, Held>();
  #count = 0;

  constructor(runner: Runner) {
    this.#runner = runner;
  }

  /** Lets the runner hold an array for one more program. */
  async hold(numbers: TypedArray): Promise<Held> {
    const held = this.#known.get(numbers) ?? { number: this.#count++, users: 0 };
    this.#known.set(numbers, held);
    if (held.users === 0) await this.#runner.hold(held.number, numbers);
    held.users++;
    return held;
  }

  /** Says that a program does not read it any more; after the last one, the runner forgets it. */
  async letGo(held: Held): Promise<void> {
    held.users--;
    if (held.users === 0) await this.#runner.letGo(held.number);
  }
}
