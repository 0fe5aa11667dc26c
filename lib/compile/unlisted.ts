// Weights and modes of layers that a step reads and does not list: they are constants of its graph, and may not change.
import { TracingError } from "../errors.ts";
import { Layer, type LayerState, type Parameter } from "../layers/layer.ts";
import { hearingOfReads } from "../ops/keep.ts";
import type { Tensor } from "../tensor.ts";

type Place = Parameter | LayerState | Layer;

/** What a recorded step has read of them. */
export class UnlistedReads {
  readonly #listed: ReadonlySet<object>;
  readonly #read = new Map<Place, Tensor | boolean>();

  /** @param listed - the places that the step lists */
  constructor(listed: ReadonlySet<object>) {
    this.#listed = listed;
  }

  /** Records a step, and notes what it reads. */
  during<Result>(record: () => Result): Result {
    return hearingOfReads((place, value) => {
      if (!this.#listed.has(place)) this.#read.set(place as Place, value);
    }, record);
  }

  /** @throws {TracingError} when one holds something else now, which the graph does not know */
  check(): void {
    for (const [place, value] of this.#read) {
      const isMode = place instanceof Layer;
      if ((isMode ? place.training : place.value) === value) continue;
      const what = isMode ? `the mode of ${place.toString()}` : place.toString();
      throw new TracingError(
        `compile: a step reads weights and modes as they are when it is recorded, unless it lists their model, but ${what} has changed since. ` +
          "List the model too, as in compile(step, { model: [generator, discriminator], optimizer }).",
      );
    }
  }
}
