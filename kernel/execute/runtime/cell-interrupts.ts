// The main thread's share of an interrupt: a top-level await that is under way fails with KeyboardInterrupt.
import { KeyboardInterrupt } from "./errors.ts";

/** How long code that polls the interrupt flag gets to end by itself. */
const POLLER_GRACE_MS = 1000;
const { setTimeout: startTimer } = globalThis;

/** Rejects the top-level await of a cell that is interrupted. */
export class CellInterrupts {
  #cell = 0;
  #isPending = false;
  #rejectAwait: ((error: Error) => void) | undefined;
  readonly #stops = new Set<() => void>();

  /** Called when a cell starts: an interrupt of the one before is over. */
  startCell(cell: number): void {
    this.#cell = cell;
    this.#isPending = false;
    this.#rejectAwait = undefined;
  }

  /** What the top-level `await value` of a cell has become: the same, but an interrupt ends it. */
  wait<Value>(value: Value): Promise<Awaited<Value>> {
    if (this.#isPending) {
      this.#isPending = false;
      return Promise.reject(new KeyboardInterrupt());
    }
    return new Promise<Awaited<Value>>((resolve, reject) => {
      this.#rejectAwait = reject;
      Promise.resolve(value).then(resolve, reject);
    });
  }

  /** Calls `stop` at the next interrupt of a top-level await. @returns what takes that back */
  whenInterrupted(stop: () => void): () => void {
    this.#stops.add(stop);
    return () => this.#stops.delete(stop);
  }

  /**
   * An interrupt for `cell` has arrived while the main thread is free.
   *
   * @param hasPoller - whether code of the cell looks at the interrupt flag itself; it is given a moment
   */
  interrupt(cell: number, hasPoller: boolean): void {
    if (cell !== this.#cell) return;
    if (hasPoller) startTimer(() => this.#interruptNow(cell), POLLER_GRACE_MS).unref();
    else this.#interruptNow(cell);
  }

  #interruptNow(cell: number): void {
    if (cell !== this.#cell) return;
    const reject = this.#rejectAwait;
    this.#rejectAwait = undefined;
    for (const stop of this.#stops) stop();
    this.#stops.clear();
    if (reject) reject(new KeyboardInterrupt());
    else this.#isPending = true;
  }
}
