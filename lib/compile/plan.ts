// A recorded step as plain data: all that a runner needs to know, and all that travels to another thread.
import type { DType, TypedArray } from "../dtype.ts";
import type { Shape } from "../shape.ts";

/** An array that goes into a run or comes out of it. */
export interface PlannedArray {
  /** Its name in the model. */
  readonly name: string;
  readonly dtype: DType;
  /** With the steps as first axis, where a run takes several. */
  readonly shape: Shape;
}

/** A model, and what goes in and out besides the state, which is `state0`, `state1`, ... and `newState0`, ... */
export interface Plan {
  /** The bytes of an .onnx file. */
  readonly model: Uint8Array;
  /** Threads that share the work of one node. */
  readonly threads: number;
  /** What is written anew for each run: batches, then draws. */
  readonly feeds: readonly PlannedArray[];
  readonly results: readonly PlannedArray[];
}

/** New numbers for a part of the state. */
export interface StatePiece {
  /** Which array of the state. */
  readonly array: number;
  /** Where in it, in elements. */
  readonly offset: number;
  readonly numbers: TypedArray;
}

/** What a run gives. */
export interface RunOutcome {
  /** One array for each result of the plan. */
  readonly results: readonly TypedArray[];
  /** The feeds, to be written again. */
  readonly feeds: readonly TypedArray[];
  /** How long the graph ran. */
  readonly milliseconds: number;
}
