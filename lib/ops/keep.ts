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

/** Hears what a place holds when somebody reads it: a tensor of any shape or, where it may be missing, none; or a mode. */
export type ReadListener = (
  place: object,
  value: Tensor | boolean | undefined,
  part: ReadPart,
) => void;

/** What of a place is read: what it is for, or the gradient of a parameter. */
export type ReadPart = "value" | "gradient";

let listener: ReadListener | undefined;

/** Says that somebody reads what a place holds: a tensor of any shape, or the mode of a layer. */
export function willRead(
  place: object,
  value: Tensor | boolean | undefined,
  part: ReadPart = "value",
): void {
  listener?.(place, value, part);
}

/** Runs `body`, and tells of all places that it reads. */
export function hearingOfReads<Result>(hear: ReadListener, body: () => Result): Result {
  const former = listener;
  listener = hear;
  try {
    return body();
  } finally {
    listener = former;
  }
}
