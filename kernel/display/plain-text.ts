// A value as plain text: like Node's inspect, but bounded in size and time and never throwing.
import { inspect, types } from "node:util";
import type { InspectOptions } from "node:util";
import { messageOf } from "./mime-bundle.ts";

const OPTIONS: InspectOptions = {
  colors: false,
  depth: 4,
  maxArrayLength: 100,
  maxStringLength: 10_000,
  breakLength: 88,
  compact: 4,
};
const MOST_KEYS = 200;
const MOST_PARTS = 20_000;
const LONGEST_TEXT = 100_000;

/** The text that a notebook shows for a value. */
export function plainText(value: unknown, options: InspectOptions = {}): string {
  try {
    const shown = bounded(value);
    return clip(inspect(shown, { ...OPTIONS, depth: affordableDepth(shown), ...options }));
  } catch (error) {
    return withoutOwnCode(value, error);
  }
}

/** A value on one short line, for table cells. */
export function shortText(value: unknown): string {
  if (typeof value === "string") return clip(value, 200);
  return clip(plainText(value, { depth: 1, maxArrayLength: 6, breakLength: Infinity }), 200);
}

/** Shortens text and says by how much. */
export function clip(text: string, longest: number = LONGEST_TEXT): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)}... ${text.length - longest} more characters`;
}

// A getter, proxy trap or custom inspect function of the value itself may throw.
function withoutOwnCode(value: unknown, error: unknown): string {
  const note = `(showing it threw: ${clip(messageOf(error), 200)})`;
  try {
    return `${clip(inspect(value, { ...OPTIONS, customInspect: false, depth: 1 }))} ${note}`;
  } catch {
    return `[${typeof value}] ${note}`;
  }
}

/** An object with very many keys is shown by its first ones; inspect itself has no such limit. */
function bounded(value: unknown): unknown {
  if (!isPlainObject(value)) return value;
  const keys = Object.keys(value);
  if (keys.length <= MOST_KEYS) return value;
  const shown: Record<string, unknown> = Object.create(Object.getPrototypeOf(value) as object);
  for (const key of keys.slice(0, MOST_KEYS)) {
    Object.defineProperty(shown, key, Object.getOwnPropertyDescriptor(value, key)!);
  }
  shown[`... ${keys.length - MOST_KEYS} more keys`] = MORE;
  return shown;
}

const MORE = { [inspect.custom]: () => "..." };

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null || types.isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The greatest depth at which the value has at most `MOST_PARTS` parts to print. */
function affordableDepth(value: unknown): number {
  for (let depth = 1; depth <= OPTIONS.depth!; depth++) {
    if (countParts(value, depth, MOST_PARTS) >= MOST_PARTS) return depth - 1;
  }
  return OPTIONS.depth!;
}

/** Counts what inspect would print down to `depth`, giving up at `limit`. Runs no getters. */
function countParts(value: unknown, depth: number, limit: number): number {
  if (typeof value === "string") return 1 + value.length / 100;
  if (typeof value !== "object" || value === null || types.isProxy(value)) return 1;
  let count = 1;
  if (depth < 0) return count;
  for (const part of partsOf(value)) {
    count += countParts(part, depth - 1, limit - count);
    if (count >= limit) break;
  }
  return count;
}

function* partsOf(value: object): Generator {
  if (ArrayBuffer.isView(value)) return;
  if (types.isMap(value)) {
    let left = OPTIONS.maxArrayLength!;
    for (const entry of Map.prototype.entries.call(value)) if (left-- > 0) yield* entry;
    return;
  }
  if (types.isSet(value)) {
    let left = OPTIONS.maxArrayLength!;
    for (const item of Set.prototype.values.call(value)) if (left-- > 0) yield item;
    return;
  }
  if (Array.isArray(value)) {
    yield* value.slice(0, OPTIONS.maxArrayLength!);
    return;
  }
  for (const key of Object.keys(value)) yield Object.getOwnPropertyDescriptor(value, key)?.value;
}
