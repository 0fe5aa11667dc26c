// What a forward pass saves for the backward pass, and the mistake of asking for it too early.
import { StateError } from "./errors.ts";

/**
 * What `forward` saved, for `backward`.
 *
 * @param owner - the layer or loss that is asked
 * @throws {StateError} when nothing is saved, because `forward` has not run
 */
export function savedByForward<Saved>(saved: Saved | undefined, owner: object): Saved {
  if (saved !== undefined) return saved;
  const name = owner.constructor.name;
  throw new StateError(
    `${name}.backward: expects that forward ran before, because it needs what forward saved; nothing is saved. Call forward first, then backward.`,
  );
}
