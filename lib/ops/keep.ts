// Places that hold a tensor from step to step: a step that is being recorded may change only those that it carries on.
import { currentBackend } from "../backends/select.ts";

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
