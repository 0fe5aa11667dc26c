// Ends what keeps the main thread busy: at a statement where that does no harm, and anywhere when asked twice.
import type { DevTools } from "./devtools.ts";
import { endsSoon, isInterruptible } from "./interruptible.ts";
import { signalDescendants } from "./process-tree.ts";
import type { InterruptibleCell } from "./running-cells.ts";
import { settledWithin, timeout } from "./settled-within.ts";

const PAUSE_TRY_MS = 100;
/** When programs that the cell has started are interrupted, because the main thread may be waiting for one. */
const CHILDREN_AFTER_MS = 100;
/** When all programs are. */
const DESCENDANTS_AFTER_MS = 1000;
const NOTICE_AFTER_MS = 3000;
const FORCE_LIMIT_MS = 3000;
const RESUME_MS = 10;
const LEAVE_LIMIT_MS = 1000;
/** A ping that rejects no await. */
const NO_CELLS: readonly number[] = [];
/** How long timers, promises and the rest may take to work again after code was ended from outside. */
const SELF_TEST_LIMIT_MS = 5000;

/** What stopping needs from the bridge. */
export interface StopperParts {
  readonly devTools: DevTools;
  /** Asks the main thread for a sign of life, and to reject the top-level awaits of `cells`. */
  readonly ping: (cells: readonly number[]) => Promise<void>;
  /** Runs a timer, an immediate, a tick and a promise in the main thread. */
  readonly selfTest: () => Promise<void>;
  /** Whether something runs or is interrupted: it may keep a self test waiting for as long as it likes. */
  readonly isBusy: () => boolean;
  /** Whether one of `cells` has come to its first statement: other code may keep the main thread busy. */
  readonly hasStarted: (cells: readonly number[]) => boolean;
  /** Whether something else is to be interrupted now: that deals with what keeps the main thread busy. */
  readonly isOvertaken: () => boolean;
  /** Tells the user something while the interrupt is under way. */
  readonly notify: (cells: readonly number[], text: string) => void;
}

/** How long to try, and how hard. */
export interface StopConditions {
  /** Whether the main thread has answered after all. */
  readonly isFree: () => boolean;
  /** What to look up for while waiting. */
  readonly wakers: readonly Promise<unknown>[];
  /** Asks for force. */
  readonly repeat: { readonly isGiven: boolean; readonly given: Promise<void> };
  /** When to give up. */
  readonly limitMs?: number;
}

/** Stops the main thread; everything else of the session stays. */
export class CodeStopper {
  readonly #parts: StopperParts;

  constructor(parts: StopperParts) {
    this.#parts = parts;
  }

  /** Stops the main thread at a statement of the user's code, and ends the code there. */
  stop(cell: InterruptibleCell, conditions: StopConditions): Promise<void> {
    return this.#parts.devTools.stopWith(() => this.#stopNow(cell, conditions));
  }

  async #stopNow(cell: InterruptibleCell, conditions: StopConditions): Promise<void> {
    const { devTools, hasStarted, isOvertaken } = this.#parts;
    const { repeat, wakers, limitMs = Infinity } = conditions;
    const isOver = (): boolean => cell.isOver() || conditions.isFree() || isOvertaken();
    const hadStarted = hasStarted(cell.ids);
    const started = performance.now();
    let wasTerminated = false;
    let stopped: number | undefined;
    let escalatedAt = 0;
    while (!isOver() && !wasTerminated && performance.now() - started < limitMs) {
      const isForced = repeat.isGiven;
      const urls = await this.#pause(isForced ? wakers : [...wakers, repeat.given]);
      // What is paused after the end of this cell is the next one.
      if (isOver()) break;
      if (urls && isInterruptible(urls)) {
        stopped = await this.#ownerWhilePaused(cell);
        await this.#terminateWhilePaused();
        wasTerminated = true;
      } else if (isForced && !(urls && endsSoon(urls))) {
        await this.#force(cell, isOver);
        wasTerminated = true;
      } else if (urls) {
        devTools.resume();
        await settledWithin(5, wakers);
      }
      escalatedAt = this.#escalate(cell, performance.now() - started, escalatedAt);
    }
    // A pause that was asked for and has not come yet would stop the next cell: a ping brings it about now.
    await this.#resumeUntilFree(LEAVE_LIMIT_MS);
    if (wasTerminated) {
      signalDescendants("SIGINT", cell.startedAt);
      void this.#testSelf(cell.ids);
      if (cell.ids.length === 0) {
        const text = "Interrupt: code that an earlier cell had left running was stopped.\n";
        this.#parts.notify(cell.ids, text);
      }
    }
    // What was stopped may be older code in the cell's way; the cell itself is then refused at its gate.
    if (wasTerminated && hadStarted) cell.abandon(stopped);
  }

  /** Asks for a pause. @returns the scripts on the stack; undefined when it does not come soon */
  #pause(wakers: readonly Promise<unknown>[]): Promise<string[] | undefined> {
    const { devTools } = this.#parts;
    const pause = devTools.nextPause();
    devTools.tell("Debugger.pause");
    return Promise.race([pause, ...wakers.map(noStack), timeout(PAUSE_TRY_MS)]);
  }

  /** Which of several cells the paused code belongs to. */
  async #ownerWhilePaused({ ids }: InterruptibleCell): Promise<number | undefined> {
    if (ids.length === 1) return undefined;
    const owner = await this.#parts.devTools.evaluateHere("__gradlab.owner()");
    return owner as number | undefined;
  }

  async #terminateWhilePaused(): Promise<void> {
    this.#parts.devTools.tell("Runtime.terminateExecution");
    await this.#resumeUntilFree(FORCE_LIMIT_MS);
  }

  /** Lets the main thread run on, through every pause that was asked for. @returns whether it has answered */
  async #resumeUntilFree(limitMs: number): Promise<boolean> {
    const { devTools, ping, isOvertaken } = this.#parts;
    const pong = ping(NO_CELLS);
    for (let waitedMs = 0; waitedMs < limitMs; waitedMs += RESUME_MS) {
      devTools.resume();
      if (await settledWithin(RESUME_MS, [pong])) return true;
      if (isOvertaken()) return false;
    }
    return false;
  }

  /** Looks whether the event loop still works, and offers a restart when it does not. */
  async #testSelf(cells: readonly number[]): Promise<void> {
    const { selfTest, isBusy, notify } = this.#parts;
    const isWell = await settledWithin(SELF_TEST_LIMIT_MS, [selfTest()]);
    if (isWell || isBusy()) return;
    const text =
      "Interrupt: since the code was stopped, timers and promises no longer run as they should. " +
      "Variables can still be looked at; restart the kernel before you go on.\n";
    notify(cells, text);
  }

  /** Ends the code wherever it is; what is deep in native code ends when it comes back. */
  async #force(cell: InterruptibleCell, isOver: () => boolean): Promise<void> {
    this.#parts.devTools.tell("Runtime.terminateExecution");
    // The main thread may wait for a program that cares for no SIGINT.
    signalDescendants("SIGKILL", cell.startedAt);
    if (await this.#resumeUntilFree(FORCE_LIMIT_MS)) return;
    const text =
      "Interrupt: the code that runs cannot be stopped from outside. Restart the kernel, or wait for it to end.\n";
    this.#parts.notify(cell.ids, text);
    while (!isOver() && !(await this.#resumeUntilFree(FORCE_LIMIT_MS)));
  }

  /** Interrupts children, then everybody below, and after three seconds tells the user. @returns how far it went */
  #escalate(cell: InterruptibleCell, elapsedMs: number, before: number): number {
    if (before < CHILDREN_AFTER_MS && elapsedMs >= CHILDREN_AFTER_MS) {
      signalDescendants("SIGINT", cell.startedAt);
      return CHILDREN_AFTER_MS;
    }
    if (before < DESCENDANTS_AFTER_MS && elapsedMs >= DESCENDANTS_AFTER_MS) {
      signalDescendants("SIGINT");
      return DESCENDANTS_AFTER_MS;
    }
    if (before < NOTICE_AFTER_MS && elapsedMs >= NOTICE_AFTER_MS) {
      const text =
        "Interrupt: waiting for code of a package or native code to return. Interrupt again to force it.\n";
      this.#parts.notify(cell.ids, text);
      return NOTICE_AFTER_MS;
    }
    return before;
  }
}

function noStack(promise: Promise<unknown>): Promise<undefined> {
  return promise.then(() => undefined);
}
