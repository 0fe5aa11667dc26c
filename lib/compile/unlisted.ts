// Weights that a step reads and does not list: they are constants of its graph, and may not change.
import { TracingError } from "../errors.ts";
import { hearingOfReads, type KeepingPlace } from "../ops/keep.ts";
import type { Tensor } from "../tensor.ts";

/** What a recorded step has read of such weights. */
export class UnlistedReads {
  readonly #listed: ReadonlySet<object>;
  readonly #read = new Map<KeepingPlace, Tensor>();

  /** @param listed - the places that the step lists */
  constructor(listed: ReadonlySet<object>) {
    this.#listed = listed;
  }

  /** Records a step, and notes what it reads. */
  during<Result>(record: () => Result): Result {
    return hearingOfReads((place, value) => {
      if (!this.#listed.has(place)) this.#read.set(place, value);
    }, record);
  }

  /** @throws {TracingError} when one holds something else now, which the graph does not know */
  check(): void {
    for (const [place, value] of this.#read) {
      if (place.value === value) continue;
      throw new TracingError(
        `compile: a step reads weights as they are when it is recorded, unless it lists their model, but ${place.toString()} has changed since. ` +
          "List the model too, as in compile(step, { model: [generator, discriminator], optimizer }).",
      );
    }
  }
}
