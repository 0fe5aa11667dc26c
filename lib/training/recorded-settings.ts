// Settings that a recording holds as they were: the plain values in layers, loss and optimizer.
import { Layer } from "../layers/layer.ts";
import { Loss } from "../losses/loss.ts";
import { Optimizer } from "../optimizers/optimizer.ts";

// What a recorded step asks for anew by itself (the mode of a layer, the pace of an optimizer), and what forward keeps.
const isOther = (name: string): boolean =>
  name === "training" ||
  name === "learningRate" ||
  name === "stepCount" ||
  name.startsWith("saved");

/**
 * Numbers, words, truth values and functions in the fields of some objects and of the layers, losses, lists and plain
 * objects in them, in order. Fields whose name starts with # cannot be seen.
 */
export function settingsIn(parts: Readonly<Record<string, unknown>>): unknown[] {
  const settings: unknown[] = [];
  const seen = new Set<object>();
  const walk = (value: unknown): void => {
    if (value === undefined || value === null) return;
    if (typeof value !== "object") settings.push(value);
    else if (isWalked(value) && !seen.has(value)) {
      seen.add(value);
      for (const [name, member] of Object.entries(value)) if (!isOther(name)) walk(member);
    }
  };
  walk(parts);
  return settings;
}

/** Whether two such lists hold the same. */
export function areSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, index) => Object.is(value, other[index]));
}

function isWalked(value: object): boolean {
  if (value instanceof Layer || value instanceof Loss || value instanceof Optimizer) return true;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
