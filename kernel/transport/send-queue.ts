// One queue per socket: a send starts only when the one before has ended, so none is lost and the order holds.

/** The part of a ZeroMQ socket that the queue needs. */
export interface SendingSocket {
  send(frames: Uint8Array[]): Promise<void>;
}

/** Sends messages one after the other on one socket. */
export class SendQueue {
  readonly #socket: SendingSocket;
  readonly #onError: (error: unknown) => void;
  #waiting: Uint8Array[][] = [];
  #running: Promise<void> | undefined;
  #waitingBytes = 0;

  /** @param onError - told about a message that the socket refused; the queue goes on */
  constructor(socket: SendingSocket, onError: (error: unknown) => void) {
    this.#socket = socket;
    this.#onError = onError;
  }

  /** Bytes that wait to be sent. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Adds a message at the end of the queue. */
  push(frames: Uint8Array[]): void {
    this.#waiting.push(frames);
    this.#waitingBytes += sizeOf(frames);
    this.#running ??= this.#run();
  }

  /** Resolves when everything pushed so far has been handed to the socket. */
  async drained(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      for (const frames of batch) {
        try {
          await this.#socket.send(frames);
        } catch (error) {
          this.#onError(error);
        }
        this.#waitingBytes -= sizeOf(frames);
      }
    }
    this.#running = undefined;
  }
}

function sizeOf(frames: readonly Uint8Array[]): number {
  return frames.reduce((total, frame) => total + frame.byteLength, 0);
}
