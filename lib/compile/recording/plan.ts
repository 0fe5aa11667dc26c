// A recorded step as plain data: all that a runner needs to know, and all that travels to another thread.
import type { DType, TypedArray } from "../../dtype.ts";
import type { Shape } from "../../shape.ts";
import type { MeetingMemory } from "../runners/meeting.ts";
import type { Cut } from "../runners/shares.ts";

/** An array that goes into a run or comes out of it. */
export interface PlannedArray {
  /** Its name in the model. */
  readonly name: string;
  readonly dtype: DType;
  /** With the steps as first axis, where a run takes several. */
  readonly shape: Shape;
}

/** What a runner can run. In its models the state is `state0`, `state1`, ... and `newState0`, ... */
export type Plan = WholePlan | SharedPlan;

/** Which arrays of the state a run needs, by number. */
export interface StateUse {
  readonly read: readonly number[];
  /** Those that it gives anew; all others stay as they are. */
  readonly written: readonly number[];
}

interface AnyPlan {
  readonly state: StateUse;
  /** Threads that share the work of one node. */
  readonly threads: number;
  /** What the runner holds, and hands in at every run. */
  readonly constants: readonly PlannedArray[];
}

/** A model that takes a number of steps at once. */
export interface WholePlan extends AnyPlan {
  readonly kind: "whole";
  /** The bytes of an .onnx file. */
  readonly model: Uint8Array;
  /** Steps of one run. */
  readonly steps: number;
  /** What is written anew for each run: batches, then draws. */
  readonly feeds: readonly PlannedArray[];
  readonly results: readonly PlannedArray[];
}

/** Two models that take turns, because ranks that share every batch meet between them. */
export interface SharedPlan extends AnyPlan {
  readonly kind: "shared";
  /** From a rank's share of a batch to its gradients. */
  readonly backward: ModelPart;
  /** From the gradients of all ranks to the next state. */
  readonly update: ModelPart;
  /** Steps of one run. */
  readonly steps: number;
  /** Arrays of one step; a run gets and gives those of all steps, one behind the other. */
  readonly feeds: readonly PlannedArray[];
  readonly results: readonly SharedResult[];
  readonly gradients: readonly SharedGradient[];
  /** Where this rank sits when all meet. */
  readonly seat?: Seating;
}

/** A model, with the names of all that goes in and out. */
export interface ModelPart {
  readonly model: Uint8Array;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** A result, and how those of all ranks become one. */
export interface SharedResult extends PlannedArray {
  readonly cut: Cut;
}

/** A gradient: what this rank computes, and the inputs that take what all ranks computed. */
export interface SharedGradient {
  readonly own: PlannedArray;
  readonly all: readonly string[];
}

/** A rank, and the memory that it shares with the others. */
export interface Seating {
  readonly memory: MeetingMemory;
  readonly rank: number;
  readonly ranks: number;
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
