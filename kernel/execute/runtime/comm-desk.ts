// Comms on the user's main thread: messages of front ends become calls of the user's code, owned by their request.
import { CommHub } from "../../comms/comms.ts";
import type { ThrownValue } from "../../compile/thrown-value.ts";
import type { CommDelivery } from "./bridge-messages.ts";
import type { CellContext } from "./cell-context.ts";
import type { CellOutput } from "./cell-output.ts";
import { KeyboardInterrupt } from "./errors.ts";
import { Captures } from "./captures.ts";

/** What comms need from the rest of the runtime. */
export interface CommDeskParts {
  readonly output: CellOutput;
  readonly context: CellContext;
  /** Makes a thrown value ready to travel. */
  readonly capture: (thrown: unknown) => ThrownValue;
  /** Told about code that failed to handle a message. */
  readonly onFailure: (error: unknown) => void;
}

const { setImmediate: nextTurn } = globalThis;

/** Hands messages to the comms, and tells the host when they were handled. */
export class CommDesk {
  /** What user code opens and registers. */
  readonly hub: CommHub;
  /** Output that widgets show. */
  readonly captures: Captures;
  readonly #parts: CommDeskParts;

  constructor(parts: CommDeskParts) {
    this.#parts = parts;
    const { output, context, capture, onFailure } = parts;
    this.captures = new Captures({
      context,
      capture,
      askForReport: (ticket, thrown) =>
        output.send({ type: "report-request", cell: 0, ticket, thrown }),
    });
    output.captures = this.captures;
    this.hub = new CommHub({
      post: (packet) => output.send({ type: "comm", cell: context.owner(), packet }),
      onFailure,
    });
  }

  /** Handles a message: what that puts out belongs to the message's request, not to a cell that waits meanwhile. */
  deliver({ cell, packet }: CommDelivery): void {
    const outcome: { isKnown?: boolean } = {};
    this.captures.begin();
    const leave = this.#parts.context.enterNested(cell);
    // One turn later: what promises that are settled already put out is on its way by then. Said before the code
    // runs, because nothing follows in this turn when that is ended from outside.
    nextTurn(() => {
      if (outcome.isKnown === undefined) this.#reportInterrupt(cell);
      leave();
      this.#parts.output.send({ type: "comm-received", cell, isKnown: outcome.isKnown !== false });
    });
    outcome.isKnown = this.hub.receive(packet);
    leave();
  }

  #reportInterrupt(cell: number): void {
    const leave = this.#parts.context.enterNested(cell);
    const error = new KeyboardInterrupt();
    if (!this.captures.failActive(error)) this.#parts.onFailure(error);
    leave();
  }
}
