// What everybody hears: iopub messages in order, with text of streams joined for a moment before it goes out.
import type { Header, JsonObject } from "../protocol/message.ts";

const TEXT_DELAY_MS = 20;
/** A flood of 10 MB makes twenty messages; longer ones would be copied in several forms at once. */
const LONGEST_TEXT = 512 * 1024;

/** What a message carries beside its content. */
export interface MessageExtras {
  readonly metadata?: JsonObject;
  readonly buffers?: readonly Uint8Array[];
}

/** Sends one message on iopub. */
export type Publish = (
  type: string,
  content: object,
  parent: Header | undefined,
  extras?: MessageExtras,
) => void;

interface WaitingText {
  readonly name: string;
  readonly parent: Header | undefined;
  readonly parts: string[];
  length: number;
}

/** Publishes on iopub. */
export class Publisher {
  readonly #publish: Publish;
  #waiting: WaitingText | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(publish: Publish) {
    this.#publish = publish;
  }

  /** Publishes a message after the text that waits. */
  send(type: string, content: object, parent: Header | undefined, extras?: MessageExtras): void {
    this.flush();
    this.#publish(type, content, parent, extras);
  }

  /** Publishes text of a stream soon, together with what else comes on it. */
  text(name: string, text: string, parent: Header | undefined): void {
    if (this.#waiting && (this.#waiting.name !== name || this.#waiting.parent !== parent)) {
      this.flush();
    }
    this.#waiting ??= { name, parent, parts: [], length: 0 };
    this.#waiting.parts.push(text);
    this.#waiting.length += text.length;
    if (this.#waiting.length >= LONGEST_TEXT) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), TEXT_DELAY_MS);
  }

  /** Publishes the text that waits now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (!waiting) return;
    this.#publish("stream", { name: waiting.name, text: waiting.parts.join("") }, waiting.parent);
  }
}
