// The cells that run now: one of the main shell, and one of each subshell.
import type { Runtime } from "node:inspector";
import { uptime } from "node:os";
import type { ThrownValue } from "../../compile/thrown-value.ts";

/** What runs, as the interrupter sees it: one cell, or one of each subshell, which are interrupted together. */
export interface InterruptibleCell {
  /** None for what earlier cells have left running. */
  readonly ids: readonly number[];
  /** In seconds of the system's uptime. */
  readonly startedAt: number;
  /** Resolves when all have ended. */
  readonly ended: Promise<unknown>;
  /** Whether what is paused now can only be something else: all have ended, or a newer cell has made its way. */
  readonly isOver: () => boolean;
  readonly isAbandoned: () => boolean;
  /** Ends the cell here: its code was stopped and will never come back. Without `owner`, all of them. */
  readonly abandon: (owner?: number) => void;
}

/** How the evaluation of a cell came to its end. */
export type Ending =
  | { readonly type: "evaluated"; readonly reply: Runtime.EvaluateReturnType }
  /** The cell ran in the middle of another one. */
  | { readonly type: "nested"; readonly thrown: ThrownValue | undefined }
  | { readonly type: "refused"; readonly error: unknown }
  | { readonly type: "abandoned" };

/** One running cell. */
export interface RunningCell {
  readonly id: number;
  /** In seconds of the system's uptime. */
  readonly startedAt: number;
  readonly ended: Promise<Ending>;
  /** Resolves when the cell was ended from outside. */
  readonly abandoned: Promise<Ending>;
  readonly abandon: () => void;
  hasEnded: boolean;
  isAbandoned: boolean;
}

/**
 * What earlier cells have left running, while no cell runs.
 *
 * @param isOver - whether a newer cell has come to its first statement: one that is only sent may wait for a loop
 */
export function leftRunning(isOver: () => boolean): InterruptibleCell {
  return {
    ids: [],
    startedAt: uptime(),
    ended: new Promise(() => undefined),
    isOver,
    isAbandoned: () => false,
    abandon: () => undefined,
  };
}

/** Knows the cells that run now. */
export class RunningCells {
  readonly #cells = new Map<number, RunningCell>();

  /** How many cells run. */
  get size(): number {
    return this.#cells.size;
  }

  /** Adds a cell that comes to its own end with `ended`. */
  add(id: number, ended: Promise<Ending>): RunningCell {
    let resolve = (): void => undefined;
    const abandoned = new Promise<Ending>((done) => {
      resolve = () => done({ type: "abandoned" });
    });
    const cell: RunningCell = {
      id,
      startedAt: uptime(),
      ended,
      abandoned,
      hasEnded: false,
      isAbandoned: false,
      abandon: () => {
        cell.isAbandoned = true;
        resolve();
      },
    };
    void Promise.race([ended, abandoned]).finally(() => (cell.hasEnded = true));
    this.#cells.set(id, cell);
    return cell;
  }

  /** Whether a cell that has not been removed was ended from outside. */
  wasAbandoned(id: number): boolean {
    return this.#cells.get(id)?.isAbandoned === true;
  }

  /** Forgets a cell that has ended. */
  remove(id: number): void {
    this.#cells.delete(id);
  }

  /** All cells that run now, as one that can be interrupted; undefined when none runs. */
  together(): InterruptibleCell | undefined {
    const cells = [...this.#cells.values()];
    if (cells.length === 0) return undefined;
    return {
      ids: cells.map(({ id }) => id),
      startedAt: Math.min(...cells.map(({ startedAt }) => startedAt)),
      ended: Promise.all(cells.map(({ ended, abandoned }) => Promise.race([ended, abandoned]))),
      isOver: () => cells.every(({ hasEnded }) => hasEnded),
      isAbandoned: () => cells.every(({ isAbandoned }) => isAbandoned),
      abandon: (owner) => {
        for (const cell of cells) if (owner === undefined || owner === cell.id) cell.abandon();
      },
    };
  }
}
