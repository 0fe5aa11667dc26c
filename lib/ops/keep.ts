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

/** Something that holds a tensor of any shape from step to step, and says what it is. */
export interface KeepingPlace {
  readonly value: Tensor;
  toString(): string;
}

/** Hears what a place holds when somebody reads it, of any shape. */
export type ReadListener = (place: KeepingPlace, value: Tensor) => void;

let listener: ReadListener | undefined;

/** Says that somebody reads what a place holds, of any shape. */
export function willRead(place: KeepingPlace, value: Tensor): void {
  listener?.(place, value);
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
