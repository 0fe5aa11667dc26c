// Places that hold a tensor from step to step: a step that is being recorded may change only those that it carries on.
import { currentBackend } from "../backends/select.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Says that a place, such as a parameter or an optimizer, is about to hold something else.
 *
 * @param what - how a message calls it
 * @throws {TracingError} while a step is recorded to which the place is unknown
 */
export function willKeep(place: object, what: () => string): void {
  const backend = currentBackend();
  if (backend.willKeep) backend.willKeep(place, what());
}

/** Hears of places that a step uses. */
export interface PlaceListener {
  /** Somebody reads a place, which holds a tensor of any shape or, where it may be missing, none; or a mode. */
  readonly reads: (place: object, value: Tensor | boolean | undefined, part: ReadPart) => void;
  /** Somebody sets the mode of a layer. */
  readonly setsMode: (layer: object) => void;
}

/** What of a place is read: what it is for, or the gradient of a parameter. */
export type ReadPart = "value" | "gradient";

let listener: PlaceListener | undefined;

/** Says that somebody reads what a place holds: a tensor of any shape, or the mode of a layer. */
export function willRead(
  place: object,
  value: Tensor | boolean | undefined,
  part: ReadPart = "value",
): void {
  listener?.reads(place, value, part);
}

/** Says that somebody sets the mode of a layer. */
export function willSetMode(layer: object): void {
  listener?.setsMode(layer);
}

/** Runs `body`, and tells of all places that it uses. */
export function hearingOfPlaces<Result>(hear: PlaceListener, body: () => Result): Result {
  const former = listener;
  listener = hear;
  try {
    return body();
  } finally {
    listener = former;
  }
}
