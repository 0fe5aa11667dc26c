// One session's line to a kernel. It outlives its websocket: what comes meanwhile is kept and sent on return.
import { randomBytes } from "node:crypto";
import type { ConnectionInfo } from "../../../kernel/protocol/connection-file.ts";
import { RequestSocket } from "./kernel-socket.ts";
import { sizeOf } from "./relay-frames.ts";
import type { ClientChannel, MessageFrames } from "./relay-frames.ts";

/** How much is kept for a client that is away, in bytes; of more than this the oldest is dropped. */
const MOST_BYTES_KEPT = 32 * 2 ** 20;
/** How many requests wait for a kernel that starts or is dead; more are dropped. */
const MOST_REQUESTS_WAITING = 1_000;
const OWN_CHANNELS = ["shell", "control", "stdin"] as const;

/** The other end of a line while it is there: a websocket. */
export interface LineClient {
  send(channel: ClientChannel, parts: MessageFrames): void;
  close(code: number, reason: string): void;
}

/** A session's sockets to a kernel, and what waits for its client. */
export class KernelLine {
  readonly #routingId = randomBytes(16).toString("hex");
  readonly #onActivity: () => void;
  #sockets = new Map<string, RequestSocket>();
  #outbox: [channel: string, parts: MessageFrames][] = [];
  #kept: [channel: ClientChannel, parts: MessageFrames][] = [];
  #bytesKept = 0;
  #client: LineClient | undefined;

  /** @param onActivity - told about every message in either direction */
  constructor(onActivity: () => void) {
    this.#onActivity = onActivity;
  }

  get hasClient(): boolean {
    return this.#client !== undefined;
  }

  /** Connects to a kernel that is ready, in place of an earlier run, and sends what has waited for it. */
  connect(connection: ConnectionInfo): void {
    this.disconnect();
    for (const channel of OWN_CHANNELS) {
      const onMessage = (parts: MessageFrames): void => this.deliver(channel, parts);
      const options = { connection, channel, routingId: this.#routingId, onMessage };
      this.#sockets.set(channel, new RequestSocket(options));
    }
    // A kernel drops a question for a client whose stdin socket it does not know yet: no request before all are there.
    const sockets = [...this.#sockets.values()];
    const ready = Promise.all(sockets.map((socket) => socket.connected));
    for (const socket of sockets) socket.sendAfter(ready);
    const waiting = this.#outbox;
    this.#outbox = [];
    for (const [channel, parts] of waiting) this.request(channel, parts);
  }

  /** Leaves the kernel; requests wait until the next `connect`. */
  disconnect(): void {
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets = new Map();
  }

  /** Puts a client on the line and sends it what was kept. A client that was there before is closed. */
  attach(client: LineClient): void {
    // A normal close: the client that was replaced must not come back and replace this one.
    this.#client?.close(1000, "the same session connected again");
    this.#client = client;
    const kept = this.#kept;
    this.#kept = [];
    this.#bytesKept = 0;
    for (const [channel, parts] of kept) client.send(channel, parts);
  }

  /** Takes a client off the line, unless another one has replaced it. */
  detach(client: LineClient): void {
    if (this.#client === client) this.#client = undefined;
  }

  /** Sends a client's message to the kernel; a channel that clients may not use is ignored. */
  request(channel: string, parts: MessageFrames): void {
    this.#onActivity();
    if (this.#sockets.size > 0) this.#sockets.get(channel)?.send(parts);
    else if (this.#outbox.length < MOST_REQUESTS_WAITING) this.#outbox.push([channel, parts]);
  }

  /** Sends a kernel's message to the client, or keeps it. */
  deliver(channel: ClientChannel, parts: MessageFrames): void {
    this.#onActivity();
    if (this.#client !== undefined) {
      this.#client.send(channel, parts);
      return;
    }
    this.#kept.push([channel, parts]);
    this.#bytesKept += sizeOf(parts);
    while (this.#bytesKept > MOST_BYTES_KEPT) {
      const [, oldest] = this.#kept.shift() ?? [];
      this.#bytesKept -= sizeOf(oldest ?? []);
    }
  }

  /** Ends the line and closes its client. */
  close(reason: string): void {
    this.disconnect();
    this.#client?.close(4001, reason);
    this.#client = undefined;
    this.#kept = [];
    this.#outbox = [];
  }
}
