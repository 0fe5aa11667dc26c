// Interrupting a cell in three stages: ask, stop at a safe statement, and force when asked twice.
import type { DevTools } from "./devtools.ts";
import { endsSoon, isInterruptible } from "./interruptible.ts";
import { signalDescendants } from "./process-tree.ts";

/**
 * How long the main thread has to answer before it counts as busy. An idle one needs 0.2 ms, and code of its event loop
 * that takes longer than this is stopped where it is; one that only gets no processor stops first in the kernel's own
 * code, and that is left alone.
 */
const PONG_MS = 2;
/** How long code that polls the interrupt flag gets to end by itself. */
const POLLER_GRACE_MS = 1000;
const PAUSE_TRY_MS = 100;
/** When programs that the cell has started are interrupted, because the main thread may be waiting for one. */
const CHILDREN_AFTER_MS = 100;
/** When all programs are. */
const DESCENDANTS_AFTER_MS = 1000;
const NOTICE_AFTER_MS = 3000;
const FORCE_LIMIT_MS = 3000;
const LEAVE_AFTER_MS = 1000;
const RESUME_MS = 10;
const LEAVE_LIMIT_MS = 1000;
/** A ping that rejects no await. */
const NO_CELLS: readonly number[] = [];
/** How long timers, promises and the rest may take to work again after code was ended from outside. */
const SELF_TEST_LIMIT_MS = 5000;

/** What interrupting needs from the bridge. */
export interface InterrupterParts {
  readonly devTools: DevTools;
  /** Asks the main thread for a sign of life, and to reject the top-level awaits of `cells`. */
  readonly ping: (cells: readonly number[]) => Promise<void>;
  /** Runs a timer, an immediate, a tick and a promise in the main thread. */
  readonly selfTest: () => Promise<void>;
  /** Whether a cell runs: it may keep a self test waiting for as long as it likes. */
  readonly isBusy: () => boolean;
  /** Whether one of `cells` has come to its first statement: other code may keep the main thread busy. */
  readonly hasStarted: (cells: readonly number[]) => boolean;
  /** Whether code of one of `cells` polls the interrupt flag. */
  readonly hasPoller: (cells: readonly number[]) => boolean;
  /** Raises or lowers the interrupt flag. */
  readonly setFlag: (isRaised: boolean) => void;
  /** Tells a debugging client to stand aside while an interrupt is under way. */
  readonly setInterrupting: (isInterrupting: boolean) => void;
  /** Ends a `prompt` that waits. */
  readonly cancelInput: () => void;
  /** Tells the user something while the interrupt is under way. */
  readonly notify: (cells: readonly number[], text: string) => void;
}

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

interface StopConditions {
  /** Whether the main thread has answered after all. */
  readonly isFree: () => boolean;
  /** What to look up for while waiting. */
  readonly wakers: Promise<unknown>[];
  readonly repeat: RepeatSignal;
  /** When to give up. */
  readonly limitMs?: number;
}

/** Another interrupt, asked for while one is under way. */
class RepeatSignal {
  isGiven = false;
  given: Promise<void> = Promise.resolve();
  #resolve = (): void => undefined;

  constructor() {
    this.arm();
  }

  arm(): void {
    this.isGiven = false;
    this.given = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  give(): void {
    this.isGiven = true;
    this.#resolve();
  }
}

/** Stops cells; state and variables stay. */
export class Interrupter {
  readonly #parts: InterrupterParts;
  #repeat: RepeatSignal | undefined;
  /** What is interrupted now. */
  #target: InterruptibleCell | undefined;
  /** What is to be interrupted next: it has begun while something else was being stopped. */
  #next: InterruptibleCell | undefined;

  constructor(parts: InterrupterParts) {
    this.#parts = parts;
  }

  /** Whether an interrupt is under way. */
  get isAtWork(): boolean {
    return this.#repeat !== undefined;
  }

  /** Takes the debugger into use once: the first time costs V8 more than ten milliseconds, and nobody waits now. */
  async warmUp(): Promise<void> {
    const { devTools } = this.#parts;
    if (this.#repeat) return;
    await devTools.use("interrupter");
    if (!this.#repeat) await devTools.leave("interrupter");
  }

  /** Interrupts `cell`; called again while that is under way, it uses force. */
  async interrupt(cell: InterruptibleCell): Promise<void> {
    if (this.#repeat) {
      if (isMeantAgain(this.#target, cell)) this.#repeat.give();
      else this.#next = cell;
      return;
    }
    this.#repeat = new RepeatSignal();
    this.#target = cell;
    this.#parts.setFlag(true);
    this.#parts.cancelInput();
    const { devTools } = this.#parts;
    // The debugger takes a moment to come up; often it is not needed, and then it costs nothing.
    void devTools.use("interrupter");
    this.#parts.setInterrupting(true);
    if (!devTools.isUsedBy("client")) {
      devTools.tell("Debugger.setBlackboxPatterns", { patterns: ["^node:"] });
    }
    try {
      await this.#run(cell, this.#repeat);
    } finally {
      this.#parts.setInterrupting(false);
      void devTools.leave("interrupter");
      this.#repeat = undefined;
      const next = this.#next;
      this.#next = undefined;
      if (next) void this.interrupt(next);
    }
  }

  async #run(cell: InterruptibleCell, repeat: RepeatSignal): Promise<void> {
    const ended = cell.ended.catch(() => undefined);
    for (let attempt = 1; ; attempt++) {
      repeat.arm();
      let isFree = false;
      const pong = this.#parts.ping(cell.ids).then(() => {
        isFree = true;
      });
      if (this.#parts.hasPoller(cell.ids)) {
        await settledWithin(POLLER_GRACE_MS, [ended, repeat.given]);
      }
      if (!(await settledWithin(PONG_MS, [pong, ended]))) {
        await this.#stop(cell, {
          isFree: () => isFree,
          wakers: [pong, ended],
          repeat,
        });
      }
      if (!isFree || cell.isAbandoned()) return;
      signalDescendants("SIGINT", cell.startedAt);
      // Its await was rejected. What the cell does in `catch` and `finally` may take its time.
      const isBackground = cell.ids.length === 0;
      if (!isBackground) await Promise.race([ended, repeat.given]);
      if (isBackground || (await settledWithin(0, [ended]))) return;
      if (attempt > 1) break;
    }
    repeat.arm();
    // A cell that swallows every interrupt and then waits for nothing never comes to a statement: it is left behind.
    const conditions = { isFree: () => false, wakers: [ended], repeat, limitMs: LEAVE_AFTER_MS };
    await this.#stop(cell, conditions);
    cell.abandon();
  }

  #stop(cell: InterruptibleCell, conditions: StopConditions): Promise<void> {
    return this.#parts.devTools.stopWith(() => this.#stopNow(cell, conditions));
  }

  /** Stops the main thread at a statement of the user's code, and ends the code there. */
  async #stopNow(cell: InterruptibleCell, conditions: StopConditions): Promise<void> {
    const { devTools } = this.#parts;
    const { repeat, wakers, limitMs = Infinity } = conditions;
    // Who is next deals with what keeps the main thread busy.
    const isOver = (): boolean => cell.isOver() || conditions.isFree() || this.#next !== undefined;
    const hadStarted = this.#parts.hasStarted(cell.ids);
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
    const { devTools, ping } = this.#parts;
    const pong = ping(NO_CELLS);
    for (let waitedMs = 0; waitedMs < limitMs; waitedMs += RESUME_MS) {
      devTools.resume();
      if (await settledWithin(RESUME_MS, [pong])) return true;
      // Who is next deals with what keeps the main thread busy.
      if (this.#next) return false;
    }
    return false;
  }

  /** Looks whether the event loop still works, and offers a restart when it does not. */
  async #testSelf(cells: readonly number[]): Promise<void> {
    const { selfTest, isBusy, notify } = this.#parts;
    const isWell = await settledWithin(SELF_TEST_LIMIT_MS, [selfTest()]);
    if (isWell || isBusy() || this.#repeat) return;
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

/** Whether an interrupt of `cell` is one more of `target`, and not the first of something else. */
function isMeantAgain(target: InterruptibleCell | undefined, cell: InterruptibleCell): boolean {
  return cell.ids.length === 0 || target?.ids.some((id) => cell.ids.includes(id)) === true;
}

function timeout(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined));
}

function noStack(promise: Promise<unknown>): Promise<undefined> {
  return promise.then(() => undefined);
}

/** Whether one of the promises settles in time. */
async function settledWithin(milliseconds: number, promises: Promise<unknown>[]): Promise<boolean> {
  const settled = promises.map((promise) => promise.then(() => true));
  return (await Promise.race([...settled, timeout(milliseconds)])) === true;
}
