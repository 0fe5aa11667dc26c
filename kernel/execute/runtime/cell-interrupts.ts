// The main thread's share of an interrupt: a top-level await that is under way fails with KeyboardInterrupt.
import { KeyboardInterrupt } from "./errors.ts";

/** How long code that polls the interrupt flag gets to end by itself. */
const POLLER_GRACE_MS = 1000;
const { setTimeout: startTimer } = globalThis;

/** Rejects the top-level awaits of cells that are interrupted. */
export class CellInterrupts {
  readonly #onResume: (cell: number) => void;
  /** Cells that were interrupted between two awaits: the next one fails. */
  readonly #pending = new Set<number>();
  readonly #awaits = new Map<number, (error: Error) => void>();
  readonly #stops = new Set<() => void>();

  /** @param onResume - called when a cell is about to go on after an await */
  constructor(onResume: (cell: number) => void) {
    this.#onResume = onResume;
  }

  /**
   * What the top-level `await value` of `cell` has become: the same, but an interrupt ends it.
   *
   * V8 finds the cell's line behind an await only through async functions and promises with a single plain reaction.
   */
  async wait<Value>(cell: number, value: Value): Promise<Awaited<Value>> {
    if (this.#pending.delete(cell)) throw new KeyboardInterrupt();
    let end: ((error: Error) => void) | undefined;
    try {
      return await new Promise<Awaited<Value>>((resolve, reject) => {
        end = reject;
        this.#awaits.set(cell, reject);
        Promise.resolve(value).then(resolve, reject);
      });
    } finally {
      // An interrupt has let the cell go on already.
      if (this.#awaits.get(cell) === end) {
        this.#awaits.delete(cell);
        this.#onResume(cell);
      }
    }
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
    if (hasPoller) startTimer(() => this.#interruptNow(cell), POLLER_GRACE_MS).unref();
    else this.#interruptNow(cell);
  }

  #interruptNow(cell: number): void {
    for (const stop of this.#stops) stop();
    this.#stops.clear();
    const reject = this.#awaits.get(cell);
    this.#awaits.delete(cell);
    if (!reject) {
      this.#pending.add(cell);
      return;
    }
    this.#onResume(cell);
    reject(new KeyboardInterrupt());
  }
}
