// Questions that cells ask: each goes to the client that sent the cell, and only that client may answer.
import type { Message } from "../protocol/message.ts";

/** A question that waits for its answer. */
export interface Question {
  /** The cell that asks. */
  readonly cell: number;
  /** The id of the `input_request`. */
  readonly id: string;
  /** The request that sent the cell. */
  readonly request: Message;
}

/** Finds the question that an answer is for. */
export class Questions {
  readonly #open = new Map<number, Question>();

  /** Notes a question; it takes the place of an older one of the same cell, which was interrupted. */
  add(question: Question): void {
    this.#open.delete(question.cell);
    this.#open.set(question.cell, question);
  }

  /** Forgets what `request` has asked: its cell has ended. */
  drop(request: Message): void {
    for (const question of this.#open.values()) {
      if (question.request === request) this.#open.delete(question.cell);
    }
  }

  /** Takes the question that `reply` answers; undefined when its sender was not asked. */
  take(reply: Message): Question | undefined {
    const asked = [...this.#open.values()].filter(({ request }) => isSameClient(request, reply));
    const parent = reply.parentHeader.msg_id;
    // Some clients name the question, some the cell, and some nothing: then it is the latest.
    const question =
      asked.find(({ id, request }) => parent === id || parent === request.header.msg_id) ??
      (parent === undefined ? asked.at(-1) : undefined);
    if (question) this.#open.delete(question.cell);
    return question;
  }
}

function isSameClient(request: Message, reply: Message): boolean {
  const [asked, answering] = [request, reply].map(({ identities }) => Buffer.concat(identities));
  return asked !== undefined && answering !== undefined && asked.equals(answering);
}
