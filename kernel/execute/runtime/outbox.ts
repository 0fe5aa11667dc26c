// Output of the main thread on its way to the host: in order, and no faster than the host takes it.
import type { MessagePort } from "node:worker_threads";
import { receiveMessageOnPort } from "node:worker_threads";
import type { ThrownValue } from "../../compile/thrown-value.ts";
import type { RuntimeMessage } from "../runtime-messages.ts";
import { SIGNALS, type MainMessage } from "./bridge-messages.ts";
import type { RingReader } from "./output-ring.ts";

/** What the outbox needs from the bridge. */
export interface OutboxParts {
  readonly port: MessagePort;
  readonly ring: RingReader;
  readonly signals: Int32Array;
  readonly host: { readonly isFull: boolean; send(message: RuntimeMessage): void };
  readonly onPong: (ping: number) => void;
  /** Told when a cell that ran in the middle of another one has ended. */
  readonly onEnded: (cell: number, thrown: ThrownValue | undefined) => void;
}

/** Hands on text and messages of cells. */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #waiting: { message: RuntimeMessage; position: number }[] = [];
  /** Values that are being made ready, by cell. */
  readonly #holds = new Map<number, number>();
  readonly #released = new Map<number, () => void>();

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    parts.port.on("message", (message: MainMessage) => {
      this.#accept(message);
      this.pump();
    });
  }

  /** Sends what waits, as far as the host takes it; called again when the host has caught up. */
  pump(): void {
    const { host } = this.#parts;
    while (!host.isFull) {
      const { textEnd, wasWoken } = this.#takeIn();
      while (!host.isFull && this.#waiting.length > 0) this.#sendNext();
      if (this.#waiting.length === 0) this.#sendText(textEnd);
      // That wake was for text behind `textEnd`, and no other will come for it.
      if (!wasWoken) return;
    }
  }

  /** Sends everything that the main thread has put out by now, whether or not the host keeps up. */
  flush(): void {
    const { textEnd, wasWoken } = this.#takeIn();
    while (this.#waiting.length > 0) this.#sendNext();
    this.#sendText(textEnd);
    if (wasWoken) this.pump();
  }

  /** Resolves when no value of `cell` is being made ready to be shown. */
  whenReleased(cell: number): Promise<void> {
    if (!this.#holds.has(cell)) return Promise.resolve();
    return new Promise((resolve) => this.#released.set(cell, resolve));
  }

  /** Takes in all messages; each that belongs before the text up to `textEnd` has been posted by now. */
  #takeIn(): { textEnd: number; wasWoken: boolean } {
    const textEnd = this.#parts.ring.mark();
    let wasWoken = false;
    for (;;) {
      const received = receiveMessageOnPort(this.#parts.port);
      if (!received) return { textEnd, wasWoken };
      const message = received.message as MainMessage;
      this.#accept(message);
      wasWoken ||= message.type === "wake";
    }
  }

  #sendNext(): void {
    const next = this.#waiting.shift();
    if (next) this.#sendForward(next.message, next.position);
  }

  #accept(message: MainMessage): void {
    switch (message.type) {
      case "pong":
        this.#parts.onPong(message.ping);
        return;
      case "hold":
        this.#hold(message.cell, message.isOver);
        return;
      case "ended":
        this.#parts.onEnded(message.cell, message.thrown);
        return;
      case "forward":
        this.#waiting.push(message);
        return;
      case "wake":
    }
  }

  #hold(cell: number, isOver: boolean): void {
    const holds = (this.#holds.get(cell) ?? 0) + (isOver ? -1 : 1);
    if (holds > 0) {
      this.#holds.set(cell, holds);
      return;
    }
    this.#holds.delete(cell);
    this.#released.get(cell)?.();
    this.#released.delete(cell);
  }

  #sendForward(message: RuntimeMessage, position: number): void {
    this.#sendText(position);
    this.#parts.host.send(message);
    Atomics.sub(this.#parts.signals, SIGNALS.inFlight, 1);
    Atomics.notify(this.#parts.signals, SIGNALS.inFlight);
  }

  #sendText(until: number): void {
    for (const { cell, isError, bytes } of this.#parts.ring.drain(until)) {
      const name = isError ? "stderr" : "stdout";
      this.#parts.host.send({ type: "stream", cell, name, bytes });
    }
  }
}
