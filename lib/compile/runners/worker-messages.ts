// What the caller's thread and the worker say to each other.
import type { BellLine } from "./bell.ts";
import type { Engine } from "./engine.ts";

/** What a worker starts with. */
export interface WorkerData {
  readonly gate: SharedArrayBuffer;
  /** For answers to those who stand still. */
  readonly line: BellLine;
}

/** What the worker can be asked to do. */
export type Call = "add" | "hold" | "letGo" | "open" | "write" | "read" | "run" | "runs" | "close";

/** A question; its answer has the same number. */
export interface Question<Name extends Call = Call> {
  readonly id: number;
  readonly call: Name;
  readonly parameters: Parameters<Engine[Name]>;
  /** Whether who asks stands still until the bell rings. */
  readonly standsStill?: boolean;
}

/** What became of a call. */
export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  /** What it threw. */
  readonly error?: unknown;
}

/** The buffers of all typed arrays in a list, to be handed over instead of copied. */
export function buffersOf(arrays: readonly ArrayBufferView[]): ArrayBuffer[] {
  return arrays.map(({ buffer }) => buffer as ArrayBuffer);
}
