// Comms, seen from the host: which are open, messages on their way to the user's code, and what became of them.
import type { CommPacket } from "../comms/comm-packet.ts";
import type { HostMessage, RuntimeMessage } from "./runtime-messages.ts";

/** Messages whose late output still finds its request. */
const MOST_REMEMBERED = 200;

/** What the line needs from the session. `Output` is what code puts out. */
export interface CommLineParts<Output> {
  readonly send: (message: HostMessage) => void;
  /** Makes an owner for output. @returns its number */
  readonly addOwner: (onOutput: (output: Output) => void) => number;
  readonly removeOwner: (owner: number) => void;
}

/** Carries messages of front ends to the comms of the runtime. */
export class CommLine<Output> {
  readonly #parts: CommLineParts<Output>;
  readonly #targets = new Map<string, string>();
  readonly #waiting = new Map<number, (isKnown: boolean) => void>();
  readonly #owners: number[] = [];
  #cells = 0;
  #cellEnded: (() => void)[] = [];

  constructor(parts: CommLineParts<Output>) {
    this.#parts = parts;
  }

  /** Target names of the open comms by id, those of one target when it is named. */
  list(target?: string): Record<string, { target_name: string }> {
    const found = [...this.#targets].filter(([, name]) => target === undefined || name === target);
    return Object.fromEntries(found.map(([id, name]) => [id, { target_name: name }]));
  }

  /**
   * Takes a message to the user's code, also while a cell runs there: it is handled as soon as that code waits.
   *
   * A message that nobody knows waits until the running cell has ended, which may be about to make its comm.
   *
   * @param onOutput - receives what the code that handles the message puts out
   * @returns whether somebody knew its comm or its target
   */
  async deliver(packet: CommPacket, onOutput: (output: Output) => void): Promise<boolean> {
    const owner = this.#addOwner(onOutput);
    this.note(packet);
    let isKnown = await this.#ask(owner, packet);
    while (!isKnown && this.#cells > 0) {
      await new Promise<void>((resolve) => this.#cellEnded.push(resolve));
      isKnown = await this.#ask(owner, packet);
    }
    if (!isKnown && packet.action === "open") this.#targets.delete(packet.id);
    return isKnown;
  }

  /** Keeps account of a comm that a message opens or closes. */
  note({ action, id, target }: CommPacket): void {
    if (action === "open") this.#targets.set(id, target);
    if (action === "close") this.#targets.delete(id);
  }

  /** Takes the runtime's word about a message. */
  receive({ cell, isKnown }: Extract<RuntimeMessage, { type: "comm-received" }>): void {
    this.#waiting.get(cell)?.(isKnown);
    this.#waiting.delete(cell);
  }

  /** Tells when a cell ends, from its type check to its last statement. */
  async during<Ending>(cell: Promise<Ending>): Promise<Ending> {
    this.#cells++;
    try {
      return await cell;
    } finally {
      this.#cells--;
      for (const resolve of this.#cellEnded.splice(0)) resolve();
    }
  }

  /** The runtime is gone, and with it all comms. @returns the messages that close them */
  reset(): CommPacket[] {
    for (const resolve of this.#waiting.values()) resolve(true);
    this.#waiting.clear();
    const ids = [...this.#targets.keys()];
    this.#targets.clear();
    const rest = { action: "close", target: "", data: {}, metadata: {}, buffers: [] } as const;
    return ids.map((id) => ({ ...rest, id }));
  }

  #ask(owner: number, packet: CommPacket): Promise<boolean> {
    return new Promise((resolve) => {
      this.#waiting.set(owner, resolve);
      this.#parts.send({ type: "comm", cell: owner, packet });
    });
  }

  #addOwner(onOutput: (output: Output) => void): number {
    const owner = this.#parts.addOwner(onOutput);
    this.#owners.push(owner);
    if (this.#owners.length > MOST_REMEMBERED) this.#parts.removeOwner(this.#owners.shift() ?? 0);
    return owner;
  }
}
