// Code that handles messages of front ends, as the bridge sees it: it can be interrupted like a cell.
import type { RuntimeMessage } from "../runtime-messages.ts";
import { RunningCells, type Ending, type InterruptibleCell } from "./running-cells.ts";

interface Host {
  readonly isFull: boolean;
  send(message: RuntimeMessage): void;
}

const ENDED: Ending = { type: "nested", thrown: undefined };

/** Stands before the host, and sees which messages have been handled. */
export class CommCalls implements Host {
  readonly #host: Host;
  readonly #calls = new RunningCells();
  readonly #ends = new Map<number, (ending: Ending) => void>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** Whether the host is so far behind that output should wait. */
  get isFull(): boolean {
    return this.#host.isFull;
  }

  /** Called when a message is on its way to the user's code. */
  add(call: number): void {
    this.#calls.add(call, new Promise((resolve) => this.#ends.set(call, resolve)));
  }

  /** Sends a message on to the host. */
  send(message: RuntimeMessage): void {
    this.#host.send(message);
    if (message.type !== "comm-received") return;
    this.#ends.get(message.cell)?.(ENDED);
    this.#ends.delete(message.cell);
    this.#calls.remove(message.cell);
  }

  /** All calls that are under way, as one that can be interrupted; undefined when there is none. */
  together(): InterruptibleCell | undefined {
    return this.#calls.together();
  }
}
