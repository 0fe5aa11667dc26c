// The main thread's view of the shared signal words.
import { SIGNALS } from "./bridge-messages.ts";

/** Messages that may be on their way to the bridge before the sender waits. */
const MOST_IN_FLIGHT = 1000;
const WAIT_MS = 50;

/** Shared words between the main thread and the bridge, see `SIGNALS`. */
export class MainSignals {
  readonly #words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
  }

  /** Marks that code of `cell` polls the flag, and returns the flag: non-zero asks it to stop. */
  takeInterruptFlag(cell: number): Int32Array {
    Atomics.store(this.#words, SIGNALS.poller, cell);
    return new Int32Array(this.#words.buffer, SIGNALS.interrupt * 4, 1);
  }

  /** Whether code of `cell` polls the interrupt flag. */
  hasPoller(cell: number): boolean {
    return Atomics.load(this.#words, SIGNALS.poller) === cell;
  }

  /** Marks that `cell` has begun. @returns false when an interrupt came before */
  startCell(cell: number): boolean {
    Atomics.store(this.#words, SIGNALS.started, cell);
    return this.mayStart(cell);
  }

  /** Whether no interrupt for `cell` came before its start. */
  mayStart(cell: number): boolean {
    return cell > Atomics.load(this.#words, SIGNALS.interruptedUpTo);
  }

  /** Counts one message to the bridge; waits while too many are on their way. */
  countMessage(): void {
    for (;;) {
      const count = Atomics.load(this.#words, SIGNALS.inFlight);
      if (count < MOST_IN_FLIGHT) break;
      Atomics.wait(this.#words, SIGNALS.inFlight, count, WAIT_MS);
    }
    Atomics.add(this.#words, SIGNALS.inFlight, 1);
  }

  /** How many answers the bridge has put into the input port so far. */
  countAnswers(): number {
    return Atomics.load(this.#words, SIGNALS.input);
  }

  /** Blocks until there are more answers than `count`, but not for long: a subshell's cell may want to run. */
  waitForAnswer(count: number): void {
    Atomics.wait(this.#words, SIGNALS.input, count, WAIT_MS);
  }
}
