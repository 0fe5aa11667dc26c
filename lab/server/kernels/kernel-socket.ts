// One socket to a kernel: sends in order, hands on what comes in, and closes cleanly.
import { Dealer, Subscriber } from "zeromq";
import { endpointOf } from "../../../kernel/protocol/connection-file.ts";
import type { ConnectionInfo } from "../../../kernel/protocol/connection-file.ts";
import { openFrames, sealFrames } from "../../../kernel/protocol/frames.ts";
import { Signer } from "../../../kernel/protocol/signature.ts";
import type { MessageFrames } from "./relay-frames.ts";

// High water marks of zero: neither a long cell's output nor a burst of requests may be dropped.
const UNLIMITED = { linger: 0, receiveHighWaterMark: 0 };

/** A connection to the shell, control or stdin socket of a kernel. */
export class RequestSocket {
  readonly #socket: Dealer;
  readonly #signer: Signer;
  #sending: Promise<void> = Promise.resolve();
  /** Settles when the kernel's end has answered, or did not for a while. */
  readonly connected: Promise<void>;

  /**
   * @param routingId - the same on shell and stdin of one client: it is how a kernel finds who to ask for input
   * @param onMessage - told about every message that is signed with the kernel's key
   */
  constructor(options: {
    connection: ConnectionInfo;
    channel: "shell" | "control" | "stdin";
    routingId: string;
    onMessage: (parts: MessageFrames) => void;
  }) {
    const { connection, channel, routingId, onMessage } = options;
    this.#signer = new Signer(connection.key, connection.signatureScheme);
    this.#socket = new Dealer({ ...UNLIMITED, sendHighWaterMark: 0, routingId });
    this.connected = untilConnected(this.#socket);
    this.#socket.connect(endpointOf(connection, channel));
    void receive(this.#socket, this.#signer, onMessage);
  }

  /** Holds back what is sent from now on until `ready` settles. */
  sendAfter(ready: Promise<unknown>): void {
    this.#sending = this.#sending.then(() => ready).then(() => undefined);
  }

  /** Sends after everything sent before; a message to a closed socket is dropped. */
  send(parts: MessageFrames): void {
    const frames = sealFrames(parts, this.#signer);
    this.#sending = this.#sending.then(async () => {
      if (!this.#socket.closed) await this.#socket.send(frames).catch(() => undefined);
    });
  }

  close(): void {
    this.#socket.close();
  }
}

/** How long requests wait for the sockets of a kernel that listens but does not answer, in milliseconds. */
const LONGEST_CONNECT_MS = 5_000;

async function untilConnected(socket: Dealer): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LONGEST_CONNECT_MS);
    const settle = (): void => {
      clearTimeout(timer);
      resolve();
    };
    socket.events.on("handshake", settle);
    socket.events.on("close", settle);
    socket.events.on("end", settle);
  });
}

/** A subscription to everything that a kernel publishes. */
export class PublicationSocket {
  readonly #socket: Subscriber;

  constructor(connection: ConnectionInfo, onMessage: (parts: MessageFrames) => void) {
    this.#socket = new Subscriber(UNLIMITED);
    this.#socket.connect(endpointOf(connection, "iopub"));
    this.#socket.subscribe();
    const signer = new Signer(connection.key, connection.signatureScheme);
    void receive(this.#socket, signer, onMessage);
  }

  close(): void {
    this.#socket.close();
  }
}

/** Another program may speak to a port by mistake: what is not signed with the kernel's key is dropped. */
function openOrDrop(frames: readonly Uint8Array[], signer: Signer): MessageFrames | undefined {
  try {
    return openFrames(frames, signer).parts;
  } catch {
    return undefined;
  }
}

/** So long one kernel may keep the server busy before timers and other clients have their turn, in milliseconds. */
const LONGEST_TURN_MS = 10;

async function receive(
  socket: Dealer | Subscriber,
  signer: Signer,
  onMessage: (parts: MessageFrames) => void,
): Promise<void> {
  try {
    let turnStarted = performance.now();
    for await (const frames of socket) {
      const parts = openOrDrop(frames, signer);
      if (parts !== undefined) onMessage(parts);
      // Messages that are here already come as microtasks, ahead of everything else that the server has to do.
      if (performance.now() - turnStarted < LONGEST_TURN_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      turnStarted = performance.now();
    }
  } catch {
    // Receiving ends when the socket is closed.
  }
}
