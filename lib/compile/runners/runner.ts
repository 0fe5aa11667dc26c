// The contract of a runner: who owns sessions and state buffers, and runs recorded steps on them.
import type { TypedArray } from "../../dtype.ts";
import { StateError } from "../../errors.ts";
import type { Shape } from "../../shape.ts";
import type { Plan, RunOutcome, StatePiece } from "../recording/plan.ts";

/**
 * Runs plans over a state that it owns. What it is asked for it does in the order of the calls.
 *
 * Feeds that are handed in belong to the runner; a run gives them back. A run that fails leaves the state
 * as it was before it.
 */
export interface Runner {
  /** Whether it does nothing any more: it was disposed of, or has died. */
  readonly hasEnded: boolean;
  /** Takes in more arrays of the state, of any shapes; they start as zeros. */
  add(shapes: readonly Shape[]): Promise<void>;
  /** Holds numbers for the plans that read them; `constant` is what the caller calls them. Nobody writes to them. */
  hold(constant: number, numbers: TypedArray): Promise<void>;
  /** Forgets them. */
  letGo(constant: number): Promise<void>;
  /** Prepares a plan; `program` is what the caller calls it, and `held` are its constants. */
  open(program: number, plan: Plan, held: readonly number[]): Promise<void>;
  /** Changes parts of the state. Nobody writes to the numbers that are handed in, and they are not kept. */
  write(pieces: readonly StatePiece[]): Promise<void>;
  /** Copies of some arrays of the state, by number. */
  read(arrays: readonly number[]): Promise<readonly TypedArray[]>;
  /** The same at once: this thread waits for them. @throws {WorkerError} when they cannot be had any more */
  readNow(arrays: readonly number[]): readonly TypedArray[];
  /** How many runs went well, told or not: this thread waits for one under way. @throws {WorkerError} as above */
  runsNow(): number;
  /** One run, which makes the next state. */
  run(program: number, feeds: readonly TypedArray[]): Promise<RunOutcome>;
  /** Frees a program. */
  close(program: number): Promise<void>;
  /** Frees everything; what is still under way fails. */
  dispose(): void;
}

/** Why a runner that was disposed of does nothing any more. */
export function disposed(): StateError {
  return new StateError(
    "compile: a compiled step runs until dispose, and this one was disposed of. Compile the step again to go on.",
  );
}
