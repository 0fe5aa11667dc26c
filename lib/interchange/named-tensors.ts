// Tensors by name, as they go to a file or come from one.
import { checkTensor, kindOf } from "../check.ts";
import { ArgumentError } from "../errors.ts";
import { quoted } from "./excerpt.ts";

/**
 * What should be tensors by name is a map of them: cells run without a type check.
 *
 * @throws {ArgumentError} when it is no map, or has a name that is no text, or holds something else
 */
export function checkNamedTensors(owner: string, tensors: unknown): void {
  if (!(tensors instanceof Map)) {
    throw new ArgumentError(
      `${owner}: expects a Map from names to tensors, got ${kindOf(tensors)}. Pass what stateDict or readSafetensors gave, or new Map(Object.entries(tensors)).`,
    );
  }
  for (const [name, tensor] of tensors as Map<unknown, unknown>) {
    if (typeof name !== "string") {
      throw new ArgumentError(
        `${owner}: expects names that are text, got ${kindOf(name)}. Write it as text: String(name).`,
      );
    }
    checkTensor(`${owner}: ${quoted(name)}`, tensor);
  }
}
