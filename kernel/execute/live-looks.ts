// Questions to the runtime about values as they are now: each is answered soon, or not at all.
import type { HostMessage, LiveLook, RuntimeMessage } from "./runtime-messages.ts";

/** How long an answer may take, in milliseconds. */
const LONGEST_WAIT_MS = 200;

/** Asks the runtime and keeps who waits for which answer. */
export class LiveLooks {
  readonly #send: (message: HostMessage) => void;
  readonly #waiting = new Map<number, (found: LiveLook | undefined) => void>();
  #last = 0;

  constructor(send: (message: HostMessage) => void) {
    this.#send = send;
  }

  /** Looks at the value of an expression. */
  look(expression: string): Promise<LiveLook | undefined> {
    const look = ++this.#last;
    return new Promise((resolve) => {
      const finish = (found: LiveLook | undefined): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      const timer = setTimeout(finish, LONGEST_WAIT_MS, undefined);
      this.#waiting.set(look, finish);
      this.#send({ type: "look", look, expression });
    });
  }

  /** Takes an answer of the runtime. */
  receive({ look, found }: Extract<RuntimeMessage, { type: "looked" }>): void {
    this.#waiting.get(look)?.(found);
  }
}
