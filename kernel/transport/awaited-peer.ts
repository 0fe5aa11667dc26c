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
