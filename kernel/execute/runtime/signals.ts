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
    return Atomics.load(this.#words, SIGNALS.interrupt) === 0;
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

  /** Called before an answer is asked for. */
  expectInput(): void {
    Atomics.store(this.#words, SIGNALS.input, 0);
  }

  /** Blocks until the bridge has put an answer into the input port. */
  waitForInput(): void {
    while (Atomics.load(this.#words, SIGNALS.input) === 0) {
      Atomics.wait(this.#words, SIGNALS.input, 0);
    }
  }
}
