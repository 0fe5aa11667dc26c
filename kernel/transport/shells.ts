// The main shell and the subshells of a kernel (Jupyter enhancement proposal 91), each with a queue of its own.
import { randomUUID } from "node:crypto";
import type { Route } from "../handlers/table.ts";
import type { Message } from "../protocol/message.ts";
import type { SendQueue } from "./send-queue.ts";

/** A request that came in, and where its reply goes. */
export interface Request {
  readonly message: Message;
  readonly queue: SendQueue;
  readonly route: Route;
}

type Handle = (request: Request, shell: Shell) => Promise<void>;

/** Handles requests one after the other. */
export class Shell {
  readonly #handle: Handle;
  #waiting: Request[] = [];
  #running: Request | undefined;
  #isDraining = false;
  #mustAbort = false;

  /** @param handle - handles one request to its idle */
  constructor(handle: Handle) {
    this.#handle = handle;
  }

  /** The request that is being handled. */
  get running(): Request | undefined {
    return this.#running;
  }

  /** Adds a request at the end of the queue. */
  push(request: Request): void {
    this.#waiting.push(request);
    void this.#drain();
  }

  /** The cells that wait now are not to run: the one before them has failed. */
  abortWaitingCells(): void {
    this.#mustAbort = true;
  }

  /** Takes the cells that must not run out of the queue, also those that are just arriving. */
  async takeAborted(): Promise<Request[]> {
    if (!this.#mustAbort) return [];
    this.#mustAbort = false;
    await new Promise((resolve) => setImmediate(resolve));
    return this.takeWaitingCells();
  }

  /** Takes the cells that wait out of the queue. */
  takeWaitingCells(): Request[] {
    const isCell = ({ message }: Request): boolean => message.header.msg_type === "execute_request";
    const cells = this.#waiting.filter(isCell);
    this.#waiting = this.#waiting.filter((request) => !isCell(request));
    return cells;
  }

  async #drain(): Promise<void> {
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (let request = this.#waiting.shift(); request; request = this.#waiting.shift()) {
      this.#running = request;
      await this.#handle(request, this);
      this.#running = undefined;
    }
    this.#isDraining = false;
  }
}

/** All shells of a kernel. */
export class Shells {
  readonly #handle: Handle;
  readonly #main: Shell;
  readonly #subshells = new Map<string, Shell>();

  /** @param handle - handles one request to its idle */
  constructor(handle: Handle) {
    this.#handle = handle;
    this.#main = new Shell(handle);
  }

  /** The shell that a request is for; undefined when it was never created or has been deleted. */
  of({ header }: Message): Shell | undefined {
    const id = header.subshell_id ?? undefined;
    return id === undefined ? this.#main : this.#subshells.get(id);
  }

  /** The requests that are being handled. */
  running(): Request[] {
    return [this.#main, ...this.#subshells.values()].flatMap(({ running }) => running ?? []);
  }

  /** Opens a subshell. @returns its id */
  create(): string {
    const id = randomUUID();
    this.#subshells.set(id, new Shell(this.#handle));
    return id;
  }

  /** Closes a subshell; what runs in it goes on to its end. @returns the cells that will not run */
  delete(id: string): Request[] | undefined {
    const shell = this.#subshells.get(id);
    this.#subshells.delete(id);
    return shell?.takeWaitingCells();
  }

  /** Ids of all subshells. */
  list(): string[] {
    return [...this.#subshells.keys()];
  }
}
