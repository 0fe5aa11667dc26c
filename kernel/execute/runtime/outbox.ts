// Output of the main thread on its way to the host: in order, and no faster than the host takes it.
import type { MessagePort } from "node:worker_threads";
import { receiveMessageOnPort } from "node:worker_threads";
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
}

/** Hands on text and messages of cells. */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #waiting: { message: RuntimeMessage; position: number }[] = [];
  #holds = 0;
  #released: (() => void)[] = [];

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    parts.port.on("message", (message: MainMessage) => {
      this.#accept(message);
      this.pump();
    });
  }

  /** Sends what waits, as far as the host takes it. */
  pump(): void {
    const { host } = this.#parts;
    // Every message that belongs before this text has been posted by now, and is taken in first.
    const textEnd = this.#parts.ring.mark();
    this.#takeIn();
    while (!host.isFull) {
      const next = this.#waiting.shift();
      if (!next) {
        this.#sendText(textEnd);
        return;
      }
      this.#sendForward(next.message, next.position);
    }
  }

  /** Sends everything that the main thread has put out by now, whether or not the host keeps up. */
  flush(): void {
    const textEnd = this.#parts.ring.mark();
    this.#takeIn();
    for (const { message, position } of this.#waiting.splice(0)) {
      this.#sendForward(message, position);
    }
    this.#sendText(textEnd);
  }

  /** Resolves when no value is being made ready to be shown. */
  whenReleased(): Promise<void> {
    if (this.#holds === 0) return Promise.resolve();
    return new Promise((resolve) => this.#released.push(resolve));
  }

  #takeIn(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#parts.port);
      if (!received) return;
      this.#accept(received.message as MainMessage);
    }
  }

  #accept(message: MainMessage): void {
    switch (message.type) {
      case "pong":
        this.#parts.onPong(message.ping);
        return;
      case "hold":
        this.#hold(message.isOver);
        return;
      case "forward":
        this.#waiting.push(message);
        return;
      case "wake":
    }
  }

  #hold(isOver: boolean): void {
    this.#holds += isOver ? -1 : 1;
    if (this.#holds > 0) return;
    for (const resolve of this.#released.splice(0)) resolve();
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
