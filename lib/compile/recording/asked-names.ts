// Names that a step asks its batch for: when it fails on one that is not there, the batch is to blame.
import { ArgumentError } from "../../errors.ts";
import type { Tensors } from "../step-types.ts";

/**
 * Calls a step with a batch of tensors of any shapes.
 *
 * @throws {ArgumentError} when it fails on something undefined, and has asked for names that the batch does not have
 */
export function callWith<Result>(step: (batch: Tensors) => Result, batch: Tensors): Result {
  const missing = new Set<string>();
  const noting = new Proxy(batch, {
    get(tensors, name) {
      if (typeof name === "string" && !Object.hasOwn(tensors, name)) missing.add(name);
      return Reflect.get(tensors, name) as unknown;
    },
  });
  try {
    return step(noting);
  } catch (error) {
    const isOfUndefined = error instanceof Error && error.message.includes("undefined");
    if (missing.size === 0 || !isOfUndefined) throw error;
    const names = Object.keys(batch).join(", ");
    throw new ArgumentError(
      `compile: a batch must have what the step asks for, ${[...missing].join(", ")}, but this one has ${names}. ` +
        "Give its tensors the names that the step takes, as in step.run({ inputs, targets }).",
      { cause: error },
    );
  }
}
