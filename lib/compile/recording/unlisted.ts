// What a step reads of models that it does not list: constants of its graph, which may not change.
import { TracingError } from "../../errors.ts";
import { Layer, type LayerState, Parameter } from "../../layers/layer.ts";
import { hearingOfPlaces, type ReadPart } from "../../ops/keep.ts";
import type { Tensor } from "../../tensor.ts";

type Place = Parameter | LayerState | Layer;
type Held = Tensor | boolean | undefined;

/** What a recorded step has read of them. */
export class UnlistedReads {
  readonly #listed: ReadonlySet<object>;
  readonly #read = { value: new Map<Place, Held>(), gradient: new Map<Place, Held>() };

  /** @param listed - the places that the step lists */
  constructor(listed: ReadonlySet<object>) {
    this.#listed = listed;
  }

  /** Records a step, and notes what it reads. */
  during<Result>(record: () => Result): Result {
    // A mode that the step has set itself is no other one in the next run.
    const own = new Set<object>();
    return hearingOfPlaces(
      {
        reads: (place, value, part) => {
          if (this.#listed.has(place) || own.has(place)) return;
          this.#read[part].set(place as Place, value);
        },
        setsMode: (layer) => own.add(layer),
      },
      record,
    );
  }

  /** @throws {TracingError} when one holds something else now, which the graph does not know */
  check(): void {
    for (const part of ["value", "gradient"] as const) {
      for (const [place, held] of this.#read[part]) {
        if (heldBy(place, part) !== held) throw changed(nameOf(place, part));
      }
    }
  }
}

function heldBy(place: Place, part: ReadPart): Held {
  if (place instanceof Layer) return place.training;
  return part === "gradient" && place instanceof Parameter ? place.gradient : place.value;
}

function nameOf(place: Place, part: ReadPart): string {
  if (place instanceof Layer) return `the mode of ${place.toString()}`;
  return part === "gradient" ? `the gradient of ${place.toString()}` : place.toString();
}

const changed = (what: string): TracingError =>
  new TracingError(
    `compile: a step reads weights, gradients and modes as they are when it is recorded, unless it lists their model, but ${what} has changed since. ` +
      "List the model too, as in compile(step, { model: [generator, discriminator], optimizer }).",
  );
