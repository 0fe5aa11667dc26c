// Which cell the running code belongs to, also in the callbacks that a cell leaves behind.
import { AsyncLocalStorage } from "node:async_hooks";

/** Remembers the cell that code was started by. */
export interface CellContext {
  /** Whether the owner is known in every callback. */
  readonly isExact: boolean;
  /** The cell of the running code; 0 before the first. */
  owner(): number;
  /** Called inside the cell, before its first await: what follows belongs to it. */
  enter(cell: number): void;
  /** Called when a cell's first statement is about to run. */
  startCell(cell: number): void;
  /** Called when a cell is about to go on after an await. */
  resumeCell(cell: number): void;
  /** Makes `cell` the owner in the middle of code of another one. @returns how to undo that */
  enterNested(cell: number): () => void;
  /** Called with what code of `cell` has left to be done. */
  linger(cell: number, ending: Promise<unknown>): void;
}

/** Makes the best context that this Node has. */
export function createCellContext(): CellContext {
  return hasContextFrames() ? new AsyncCellContext() : new TimerCellContext();
}

/**
 * Whether Node keeps async contexts inside V8. Where it does not, it keeps them with hooks on every promise,
 * and then an interrupted promise callback takes the whole process down.
 */
export function hasContextFrames(
  version: string = process.versions.node,
  flags: readonly string[] = process.execArgv,
): boolean {
  return Number(version.split(".")[0]) >= 24 || flags.includes(CONTEXT_FRAME_FLAG);
}

/** The flag that makes Node 22 keep async contexts inside V8. */
export const CONTEXT_FRAME_FLAG = "--experimental-async-context-frame";

class AsyncCellContext implements CellContext {
  readonly isExact = true;
  readonly #storage = new AsyncLocalStorage<number>();
  #latest = 0;

  owner(): number {
    return this.#storage.getStore() ?? this.#latest;
  }

  enter(cell: number): void {
    this.#storage.enterWith(cell);
  }

  startCell(cell: number): void {
    this.#latest = cell;
  }

  resumeCell(): void {
    // V8 has brought the context back.
  }

  enterNested(cell: number): () => void {
    const before = this.#storage.getStore() ?? this.#latest;
    this.#storage.enterWith(cell);
    return () => this.#storage.enterWith(before);
  }

  linger(): void {
    // V8 knows the owner after each await.
  }
}

const { setImmediate: nextTurn } = globalThis;

type Callback = (...values: unknown[]) => unknown;

/** Knows the owner of timers only; other callbacks count as the latest cell's. */
class TimerCellContext implements CellContext {
  readonly isExact = false;
  #latest = 0;
  #running: number | undefined;

  constructor() {
    globalThis.setTimeout = this.#keepingOwner(globalThis.setTimeout);
    globalThis.setInterval = this.#keepingOwner(globalThis.setInterval);
  }

  owner(): number {
    return this.#running ?? this.#latest;
  }

  enter(): void {
    // Nothing to do: the gate opens before anything else of the cell runs.
  }

  startCell(cell: number): void {
    this.#latest = cell;
    this.#running = undefined;
  }

  resumeCell(cell: number): void {
    this.#latest = cell;
  }

  enterNested(cell: number): () => void {
    const before = this.#running;
    this.#running = cell;
    return () => {
      this.#running = before;
    };
  }

  /** From the next turn on, callbacks count as those of `cell`, until it has ended or another cell goes on. */
  linger(cell: number, ending: Promise<unknown>): void {
    nextTurn(() => {
      const before = this.#latest;
      this.#latest = cell;
      const leave = (): void => {
        if (this.#latest === cell) this.#latest = before;
      };
      void ending.then(leave, leave);
    });
  }

  #keepingOwner<Start extends (...values: never[]) => unknown>(start: Start): Start {
    const wrapped = (callback: unknown, ...rest: unknown[]): unknown => {
      const begin = start as unknown as Callback;
      if (typeof callback !== "function") return begin(callback, ...rest);
      const owner = this.owner();
      return begin(
        (...values: unknown[]) => {
          this.#running = owner;
          try {
            return (callback as Callback)(...values);
          } finally {
            this.#running = undefined;
          }
        },
        ...rest,
      );
    };
    return Object.defineProperties(
      wrapped,
      Object.getOwnPropertyDescriptors(start),
    ) as unknown as Start;
  }
}
