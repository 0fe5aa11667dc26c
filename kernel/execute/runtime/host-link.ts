// The pipe to the host process: frames both ways, and whether the host keeps up.
import { Socket } from "node:net";
import { FrameDecoder, writeFrame } from "../frame-codec.ts";
import { groupBelow, signalAll } from "./process-tree.ts";
import type { HostMessage, RuntimeMessage } from "../runtime-messages.ts";

const HOST_PIPE = 3;
/** Bytes that may wait in this process for the host. */
const MOST_WAITING_BYTES = 512 * 1024;

/** The bridge's end of the pipe. */
export class HostLink {
  readonly #socket = new Socket({ fd: HOST_PIPE, readable: true, writable: true });

  /**
   * @param onMessage - called with each message of the host
   * @param onDrain - called when the host has caught up
   */
  constructor(onMessage: (message: HostMessage) => void, onDrain: () => void) {
    const decoder = new FrameDecoder();
    this.#socket.on("data", (chunk: Buffer) => {
      for (const message of decoder.push(chunk)) onMessage(message as HostMessage);
    });
    this.#socket.on("drain", onDrain);
    this.#socket.on("error", () => undefined);
    // The host is gone: this process must not outlive it, not even in the middle of `while (true) {}`.
    this.#socket.on("close", () => {
      signalAll(groupBelow(process.pid), "SIGKILL");
      process.kill(process.pid, "SIGKILL");
    });
  }

  /** Whether the host is so far behind that output should wait. */
  get isFull(): boolean {
    return this.#socket.writableLength > MOST_WAITING_BYTES;
  }

  /** Sends one message. */
  send(message: RuntimeMessage): void {
    writeFrame(this.#socket, message);
  }
}
