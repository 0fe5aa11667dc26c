// Interrupting a cell in three stages: ask, stop at a safe statement, and force when asked twice.
import { CodeStopper, type StopperParts } from "./code-stopper.ts";
import { signalDescendants } from "./process-tree.ts";
import type { InterruptibleCell } from "./running-cells.ts";
import { settledWithin } from "./settled-within.ts";

/**
 * How long the main thread has to answer before it counts as busy. An idle one needs 0.2 ms, and code of its event loop
 * that takes longer than this is stopped where it is; one that only gets no processor stops first in the kernel's own
 * code, and that is left alone.
 */
const PONG_MS = 2;
/** How long code that polls the interrupt flag gets to end by itself. */
const POLLER_GRACE_MS = 1000;
const LEAVE_AFTER_MS = 1000;

/** What interrupting needs from the bridge. */
export interface InterrupterParts extends Omit<StopperParts, "isOvertaken"> {
  /** Whether code of one of `cells` polls the interrupt flag. */
  readonly hasPoller: (cells: readonly number[]) => boolean;
  /** Raises or lowers the interrupt flag. */
  readonly setFlag: (isRaised: boolean) => void;
  /** Tells a debugging client to stand aside while an interrupt is under way. */
  readonly setInterrupting: (isInterrupting: boolean) => void;
  /** Ends a `prompt` that waits. */
  readonly cancelInput: () => void;
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
  readonly #stopper: CodeStopper;
  #repeat: RepeatSignal | undefined;
  /** What is interrupted now. */
  #target: InterruptibleCell | undefined;
  /** What is to be interrupted next: it has begun while something else was being stopped. */
  #next: InterruptibleCell | undefined;

  constructor(parts: InterrupterParts) {
    this.#parts = parts;
    this.#stopper = new CodeStopper({
      ...parts,
      isBusy: () => this.isAtWork || parts.isBusy(),
      isOvertaken: () => this.#next !== undefined,
    });
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
        const wakers = [pong, ended];
        await this.#stopper.stop(cell, { isFree: () => isFree, wakers, repeat });
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
    await this.#stopper.stop(cell, conditions);
    cell.abandon();
  }
}

/** Whether an interrupt of `cell` is one more of `target`, and not the first of something else. */
function isMeantAgain(target: InterruptibleCell | undefined, cell: InterruptibleCell): boolean {
  return cell.ids.length === 0 || target?.ids.some((id) => cell.ids.includes(id)) === true;
}
