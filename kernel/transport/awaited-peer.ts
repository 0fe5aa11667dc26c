// A client answers on one socket before it has connected the others: messages to it wait for the connection.
import { setTimeout as timeout } from "node:timers/promises";
import type { SendingSocket } from "./send-queue.ts";

/** How long to wait for a client. */
export interface Patience {
  readonly everyMs: number;
  readonly mostMs: number;
}

/** A client on the same machine connects within milliseconds; one far away has ten seconds. */
const PATIENCE: Patience = { everyMs: 5, mostMs: 10_000 };

/** What ZeroMQ says of a client that is not connected, when it is told not to drop messages silently. */
const NOT_CONNECTED = "EHOSTUNREACH";

/** The same socket, but a send to a client that is not there yet is tried again until it is. */
export function awaitingPeer(socket: SendingSocket, patience: Patience = PATIENCE): SendingSocket {
  return {
    async send(frames) {
      const end = performance.now() + patience.mostMs;
      for (;;) {
        try {
          return await socket.send(frames);
        } catch (error) {
          const isLate = (error as { code?: unknown }).code === NOT_CONNECTED;
          if (!isLate || performance.now() > end) throw error;
        }
        await timeout(patience.everyMs);
      }
    },
  };
}

/** How long messages for everybody wait for the first subscriber, in milliseconds. */
const SUBSCRIBER_WAIT_MS = 2000;

/**
 * A publishing socket whose first messages wait for somebody who hears them.
 *
 * A client that connects its sockets in any order may get a reply before it hears what is published, and some, such
 * as jupyter console, then wait for ever for the idle that they have missed.
 */
export class AwaitedSubscriber implements SendingSocket {
  readonly #socket: SendingSocket;
  #isHeard = false;
  #release = (): void => undefined;
  readonly #heard = new Promise<void>((resolve) => {
    this.#release = resolve;
  });

  constructor(socket: SendingSocket, mostMs: number = SUBSCRIBER_WAIT_MS) {
    this.#socket = socket;
    setTimeout(() => this.start(), mostMs).unref();
  }

  /** Somebody listens, or nobody is waited for any more: from now on messages go out at once. */
  start(): void {
    this.#isHeard = true;
    this.#release();
  }

  async send(frames: Uint8Array[]): Promise<void> {
    if (!this.#isHeard) await this.#heard;
    return this.#socket.send(frames);
  }
}
