// A cell of a subshell that runs in the middle of another cell, which keeps the main thread busy.
//
// The inspector brings the call in between two statements of whatever runs. Where that is the user's code, the new
// cell runs right there, up to its first `await`; anywhere else it would meet data that is only half changed.
import { promiseHooks } from "node:v8";
import { Script } from "node:vm";
import { CELL_RUNTIME_NAME, gateCall } from "../../compile/cell-runtime.ts";
import type { ThrownValue } from "../../compile/thrown-value.ts";
import { KeyboardInterrupt } from "./errors.ts";
import { interruptedPlace } from "./interrupted-place.ts";
import { OwnInspector } from "./own-inspector.ts";

/** What became of the wish to run a cell here and now. */
export type NestedStart =
  /** Nothing else runs: the cell can start in the ordinary way. */
  | "free"
  /** This is Node's or the kernel's own code: not here. */
  | "not-here"
  /** An interrupt came first. */
  | "refused"
  /** The cell has run, up to its end or its first `await`. */
  | "started";

/** What nested cells need from the rest of the runtime. */
export interface NestedParts {
  /** Makes `cell` the owner of the code that follows. @returns how to undo that */
  readonly enter: (cell: number) => () => void;
  /** Whether the cell may start: false when an interrupt came before. */
  readonly mayStart: (cell: number) => boolean;
  /** Turns a thrown value into data. */
  readonly capture: (thrown: unknown) => ThrownValue;
  /** Called once for each cell that was started, when it has ended. */
  readonly onEnd: (cell: number, thrown: ThrownValue | undefined) => void;
  /** Whether the kernel's own code does nothing but wait for the user's input. */
  readonly isWaiting: () => boolean;
  /** Address of the folder with the kernel's own scripts. */
  readonly ownFolder: string;
}

/** Runs cells in the middle of others. */
export class NestedCells {
  readonly #parts: NestedParts;
  readonly #inspector: OwnInspector;
  /** Keeps the promise of a cell that was ended from outside: Node 22 does not survive its being collected. */
  readonly #unsettled = new Set<Promise<unknown>>();
  readonly #body: Script = new Script(`${CELL_RUNTIME_NAME}.nested.evaluate()`);
  /** Evaluates the cell that is being started; a signal ends it, because `#body` calls it. */
  evaluate = (): void => undefined;
  /** The promise that the inspector is asked about. */
  promise: Promise<unknown> | undefined;

  constructor(parts: NestedParts) {
    this.#parts = parts;
    this.#inspector = new OwnInspector(parts.capture);
  }

  /** Runs `cell` on top of the code that runs now, when that is the user's. */
  run(cell: number, javascript: string): NestedStart {
    const place = this.#parts.isWaiting() ? "user" : interruptedPlace(this.#parts.ownFolder);
    if (place !== "user") return place;
    if (!this.#parts.mayStart(cell)) return "refused";
    const leave = this.#parts.enter(cell);
    try {
      this.#start(cell, javascript);
    } finally {
      leave();
    }
    return "started";
  }

  #start(cell: number, javascript: string): void {
    const gate = gateCall(cell);
    // The gate would wait for a free main thread. Columns stay where they were.
    const expression = javascript.replace(gate, " ".repeat(gate.length));
    const objectGroup = `cell-${cell}`;
    let hasEnded = false;
    const end = (thrown: ThrownValue | undefined): void => {
      if (hasEnded) return;
      hasEnded = true;
      this.#parts.onEnd(cell, thrown);
      this.#inspector.release(objectGroup);
    };
    this.evaluate = () => this.#inspector.evaluate(expression, objectGroup, end);
    const { promise, isSettled, failure } = this.#watch();
    if (failure) end(failure);
    if (!promise) return;
    if (isSettled) end(this.#rejectionOf(promise));
    else this.#keepUntilSettled(promise);
  }

  /** Runs `evaluate`, and watches the promise of the cell: the first one that is made. */
  #watch(): Outcome {
    const outcome: Outcome = { promise: undefined, isSettled: false, failure: undefined };
    const stopWatching = promiseHooks.createHook({
      init: (created: Promise<unknown>) => {
        outcome.promise ??= created;
      },
      settled: (settled: Promise<unknown>) => {
        outcome.isSettled ||= settled === outcome.promise;
      },
    }) as () => void;
    try {
      this.#body.runInThisContext({ breakOnSigint: true });
    } catch (error) {
      const isInterrupt =
        (error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
      outcome.failure = this.#parts.capture(isInterrupt ? new KeyboardInterrupt() : error);
    } finally {
      stopWatching();
    }
    return outcome;
  }

  #keepUntilSettled(promise: Promise<unknown>): void {
    this.#unsettled.add(promise);
    const drop = (): void => void this.#unsettled.delete(promise);
    promise.then(drop, drop);
  }

  #rejectionOf(promise: Promise<unknown>): ThrownValue | undefined {
    this.promise = promise;
    try {
      return this.#inspector.rejection();
    } finally {
      this.promise = undefined;
    }
  }
}

/** How far a cell has come when its start returns. */
interface Outcome {
  promise: Promise<unknown> | undefined;
  isSettled: boolean;
  failure: ThrownValue | undefined;
}
