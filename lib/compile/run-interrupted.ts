// The user stopped a run of a compiled step: between two groups of steps, as fit stops between two steps.
import { InterruptedError } from "../errors.ts";

/** The user stopped a run between two groups of steps; model and optimizer keep what they have learned so far. */
export class RunInterrupted extends InterruptedError {
  // The name by which notebook kernels know that their user pressed stop.
  override readonly name = "KeyboardInterrupt";
  // Hidden from the traceback, as the message says it.
  readonly #steps: number;

  /** @param batches - how many there were */
  constructor(steps: number, batches: number) {
    super(
      `compile: run expected to train on ${batches} batches; it was interrupted after ${steps}. ` +
        `The model keeps what it has learned: run the others to go on, as in step.run(batches.slice(${steps})).`,
    );
    this.#steps = steps;
  }

  /** How many batches were trained on. */
  get steps(): number {
    return this.#steps;
  }
}
