// The gate: every cell stops at its first statement until the main thread opens it on a turn of its own.
//
// The inspector starts a cell wherever the main thread happens to be, even in the middle of Node's own code, and
// handles no other command while the cell runs inside that start. Behind the gate both problems are gone.
import { MessageChannel } from "node:worker_threads";
import type { CellContext } from "./cell-context.ts";
import { KeyboardInterrupt } from "./errors.ts";

/** Starts cells on a clean turn of the event loop. */
export class CellGate {
  readonly #context: CellContext;
  readonly #closed = new Map<number, (mayStart: boolean) => void>();
  readonly #doorbell = new MessageChannel();

  /** @param onOpen - called on the cell's own turn, before its first statement; false if it must not start */
  constructor(context: CellContext, onOpen: (cell: number) => boolean) {
    this.#context = context;
    const { port1 } = this.#doorbell;
    port1.on("message", (cell: number) => {
      const open = this.#closed.get(cell);
      this.#closed.delete(cell);
      context.startCell(cell);
      const mayStart = onOpen(cell);
      open?.(mayStart);
    });
    port1.unref();
  }

  /**
   * What a cell awaits first.
   *
   * @throws {KeyboardInterrupt} when the cell was interrupted while other code kept it from starting
   */
  wait(cell: number): Promise<void> {
    this.#context.enter(cell);
    return new Promise((resolve, reject) => {
      this.#closed.set(cell, (mayStart) => {
        if (mayStart) resolve();
        else reject(new KeyboardInterrupt());
      });
      this.#doorbell.port2.postMessage(cell);
    });
  }
}
