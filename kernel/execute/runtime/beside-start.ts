// Starts a cell while another one runs: in the ordinary way when the main thread is free, else in the middle of it.
import type { DevTools } from "./devtools.ts";
import type { NestedStart } from "./nested-cells.ts";
import type { Ending } from "./running-cells.ts";
import { settledWithin } from "./settled-within.ts";
import type { ThrownValue } from "../../compile/thrown-value.ts";
import type { Runtime } from "node:inspector";

/** How long the main thread has to answer before it counts as busy. */
const PONG_MS = 10;
/** Between two looks whether the main thread is in the user's code. */
const RETRY_MS = 1;
/** How long code in the middle of another cell has to end by itself when it is interrupted. */
const SIGNAL_AFTER_MS = 50;

/** What starting beside other cells needs from the bridge. */
export interface BesideParts {
  readonly devTools: DevTools;
  /** Asks the main thread for a sign of life. */
  readonly ping: () => Promise<void>;
}

/** Starts cells of subshells. */
export class BesideStart {
  readonly #parts: BesideParts;
  readonly #endings = new Map<number, (ending: Ending) => void>();
  #nesting = 0;

  constructor(parts: BesideParts) {
    this.#parts = parts;
  }

  /**
   * Waits until `cell` can start or has been started in the middle of another one.
   *
   * @returns how it ended; undefined when it is to be started in the ordinary way
   */
  async start(
    cell: number,
    javascript: string,
    wasAbandoned: () => boolean,
  ): Promise<Ending | undefined> {
    const pong = [this.#parts.ping()];
    const ended = new Promise<Ending>((resolve) => this.#endings.set(cell, resolve));
    for (let waitMs = PONG_MS; !(await settledWithin(waitMs, pong)); waitMs = RETRY_MS) {
      if (wasAbandoned()) return { type: "abandoned" };
      const start = await this.#tryNested(cell, javascript);
      if (start === "started") return ended;
      if (start === "refused") return { type: "abandoned" };
      if (start === "free") break;
    }
    this.#endings.delete(cell);
    return wasAbandoned() ? { type: "abandoned" } : undefined;
  }

  /** Called when a cell that ran in the middle of another one has ended. */
  receiveEnd(cell: number, thrown: ThrownValue | undefined): void {
    this.#endings.get(cell)?.({ type: "nested", thrown });
    this.#endings.delete(cell);
  }

  /** Ends code that runs in the middle of another cell; the inspector cannot reach it there, a signal can. */
  interrupt(): void {
    if (this.#nesting === 0) return;
    const before = this.#nesting;
    setTimeout(() => {
      if (this.#nesting === before) process.kill(process.pid, "SIGINT");
    }, SIGNAL_AFTER_MS);
  }

  async #tryNested(cell: number, javascript: string): Promise<NestedStart> {
    const expression = `__gradlab.nested.run(${cell}, ${JSON.stringify(javascript)})`;
    this.#nesting = cell;
    try {
      const reply = await this.#parts.devTools.post<Runtime.EvaluateReturnType>(
        "Runtime.evaluate",
        { expression, returnByValue: true },
      );
      return reply.exceptionDetails ? "not-here" : (reply.result.value as NestedStart);
    } catch {
      return "not-here";
    } finally {
      this.#nesting = 0;
    }
  }
}
