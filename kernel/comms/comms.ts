// Comms: named channels between code in the kernel and code in the page, with data and bytes in both directions.
import { uniqueId } from "../execute/runtime/unique-id.ts";
import type { CommAction, CommPacket } from "./comm-packet.ts";
import { CommError } from "./comm-error.ts";

/** Bytes that travel with a message as they are. */
export type CommBuffer = ArrayBuffer | ArrayBufferView;

/** What may go with a message besides its data. */
export interface CommSendOptions {
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly buffers?: readonly CommBuffer[];
}

/** A message that the other side sent. */
export interface CommMessage {
  readonly data: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array[];
}

/** Receives messages of a comm. */
export type CommListener = (message: CommMessage) => unknown;

/** One channel to a front end. */
export interface Comm {
  /** The same in the kernel and in the page. */
  readonly id: string;
  /** What the comm was opened for. */
  readonly targetName: string;
  /** Whether one of both sides has closed it. */
  readonly isClosed: boolean;
  /**
   * Sends a message.
   *
   * @param data - plain data, as JSON has it; bytes go into `buffers`
   * @throws {CommError} when the comm is closed or the data is not plain
   */
  send(data: object, options?: CommSendOptions): void;
  /** Closes the comm on both sides; a second time does nothing. */
  close(data?: object, options?: CommSendOptions): void;
  /** Calls `listener` with each message. @returns what ends that */
  onMessage(listener: CommListener): () => void;
  /** Calls `listener` when the other side closes the comm. @returns what ends that */
  onClose(listener: CommListener): () => void;
}

/** Opens comms, and takes those that front ends open. */
export interface Comms {
  /**
   * Opens a comm to every front end that knows `targetName`.
   *
   * @throws {CommError} when the data is not plain
   */
  open(targetName: string, data?: object, options?: CommSendOptions): Comm;
  /**
   * Calls `onOpen` when a front end opens a comm for `targetName`, in place of an earlier function.
   *
   * @returns what ends that
   */
  register(targetName: string, onOpen: (comm: Comm, opening: CommMessage) => unknown): () => void;
}

/** What the comms of a process need from it. */
export interface CommsParts {
  /** Sends a message to the front ends. */
  readonly post: (packet: CommPacket) => void;
  /** Told about a listener that threw. */
  readonly onFailure: (error: unknown) => void;
}

/** The comms of the process that runs cells. */
export class CommHub implements Comms {
  readonly #parts: CommsParts;
  readonly #open = new Map<string, OpenComm>();
  readonly #targets = new Map<string, (comm: Comm, opening: CommMessage) => unknown>();

  constructor(parts: CommsParts) {
    this.#parts = parts;
  }

  /** Opens a comm. */
  open(targetName: string, data: object = {}, options: CommSendOptions = {}): Comm {
    const comm = this.#add(uniqueId(), targetName);
    try {
      comm.post("open", data, options);
    } catch (error) {
      this.#open.delete(comm.id);
      throw error;
    }
    return comm;
  }

  /** Takes comms that front ends open for a target. */
  register(targetName: string, onOpen: (comm: Comm, opening: CommMessage) => unknown): () => void {
    this.#targets.set(targetName, onOpen);
    return () => {
      if (this.#targets.get(targetName) === onOpen) this.#targets.delete(targetName);
    };
  }

  /** Takes a message of a front end. @returns whether somebody here knows its comm or its target */
  receive(packet: CommPacket): boolean {
    if (packet.action === "open") return this.#accept(packet);
    const comm = this.#open.get(packet.id);
    if (!comm) return false;
    if (packet.action === "close") this.#open.delete(packet.id);
    comm.receive(packet);
    return true;
  }

  #accept(packet: CommPacket): boolean {
    const onOpen = this.#targets.get(packet.target);
    if (!onOpen) return false;
    const comm = this.#add(packet.id, packet.target);
    try {
      onOpen(comm, messageOf(packet));
    } catch (error) {
      this.#parts.onFailure(error);
      comm.close();
    }
    return true;
  }

  #add(id: string, targetName: string): OpenComm {
    const comm = new OpenComm(id, targetName, {
      ...this.#parts,
      onClose: () => this.#open.delete(id),
    });
    this.#open.set(id, comm);
    return comm;
  }
}

class OpenComm implements Comm {
  readonly id: string;
  readonly targetName: string;
  readonly #parts: CommsParts & { readonly onClose: () => void };
  readonly #listeners = new Set<CommListener>();
  readonly #closers = new Set<CommListener>();
  #isClosed = false;

  constructor(
    id: string,
    targetName: string,
    parts: CommsParts & { readonly onClose: () => void },
  ) {
    this.id = id;
    this.targetName = targetName;
    this.#parts = parts;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  send(data: object, options: CommSendOptions = {}): void {
    if (this.#isClosed) {
      throw new CommError(
        "KERNEL_COMM_CLOSED",
        `comm.send: the comm for "${this.targetName}" must be open, but it was closed. ` +
          "Open another one with comms.open, or look at comm.isClosed first.",
      );
    }
    this.post("message", data, options);
  }

  close(data: object = {}, options: CommSendOptions = {}): void {
    if (this.#isClosed) return;
    this.post("close", data, options);
    this.#isClosed = true;
    this.#parts.onClose();
  }

  onMessage(listener: CommListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onClose(listener: CommListener): () => void {
    this.#closers.add(listener);
    return () => this.#closers.delete(listener);
  }

  post(action: CommAction, data: object, { metadata = {}, buffers = [] }: CommSendOptions): void {
    this.#parts.post({
      action,
      id: this.id,
      target: action === "open" ? this.targetName : "",
      data: plainObject("data", data),
      metadata: plainObject("metadata", metadata),
      buffers: buffers.map(bytesOf),
    });
  }

  receive(packet: CommPacket): void {
    const isClosing = packet.action === "close";
    if (isClosing) this.#isClosed = true;
    const message = messageOf(packet);
    for (const listener of isClosing ? this.#closers : this.#listeners) {
      try {
        listener(message);
      } catch (error) {
        this.#parts.onFailure(error);
      }
    }
  }
}

const messageOf = ({ data, metadata, buffers }: CommPacket): CommMessage => ({
  data,
  metadata,
  buffers,
});

/** A copy, as JSON has it: what is wrong shows here, in the user's own line. */
function plainObject(what: string, value: unknown): Record<string, unknown> {
  const copy = jsonCopy(what, value);
  if (typeof copy === "object" && copy !== null && !Array.isArray(copy)) {
    return copy as Record<string, unknown>;
  }
  const got = Array.isArray(value) ? "an array" : String(value);
  throw new CommError(
    "KERNEL_COMM_DATA",
    `comm: ${what} must be an object such as { x: 1 }, got ${got}. Wrap it: { value: ... }.`,
  );
}

function jsonCopy(what: string, value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? "null");
  } catch (cause) {
    throw new CommError(
      "KERNEL_COMM_DATA",
      `comm: ${what} must be what JSON can express, got an object that it cannot ` +
        `(${(cause as Error).message.split("\n", 1).join("")}). Send plain objects, arrays, numbers and text; bytes go into buffers.`,
      { cause },
    );
  }
}

/** A copy of exactly these bytes: a view of a large buffer would drag all of it along. */
function bytesOf(buffer: CommBuffer): Uint8Array {
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer.slice(0));
  if (!ArrayBuffer.isView(buffer)) {
    throw new CommError(
      "KERNEL_COMM_DATA",
      `comm: buffers must be a list of ArrayBuffers or typed arrays, got ${typeof buffer} in it. ` +
        "Pass new Uint8Array([...]) or a Float32Array.",
    );
  }
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).slice();
}
