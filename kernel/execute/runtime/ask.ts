// Asking the person at the notebook: `prompt` and `password` stop the cell until the answer is here.
import { inspect } from "node:util";
import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import type { InputAnswer } from "./bridge-messages.ts";
import type { CellOutput } from "./cell-output.ts";
import { InputRefused, KeyboardInterrupt } from "./errors.ts";
import type { MainSignals } from "./signals.ts";

/** What asking needs from the rest of the runtime. */
export interface AskParts {
  readonly output: CellOutput;
  readonly signals: MainSignals;
  /** Where the bridge puts answers. */
  readonly port: MessagePort;
  readonly owner: () => number;
}

/** Asks for cells; while one waits, a cell of a subshell may ask in the middle of it. */
export class Asker {
  readonly #parts: AskParts;
  readonly #waiting = new Map<number, InputAnswer | undefined>();
  #isBlocked = false;

  constructor(parts: AskParts) {
    this.#parts = parts;
  }

  /** Whether the main thread does nothing but wait for an answer. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /**
   * Asks a question and blocks until it is answered.
   *
   * @throws {KeyboardInterrupt} when the wait is interrupted
   * @throws {InputRefused} when the front end takes no input
   */
  ask(question: unknown, isPassword: boolean): string {
    const { output, owner } = this.#parts;
    const cell = owner();
    this.#takeAnswers(); // one that came too late for an earlier question
    this.#waiting.set(cell, undefined);
    const prompt = typeof question === "string" ? question : inspect(question);
    output.send({ type: "input-request", cell, prompt, isPassword });
    try {
      const answer = this.#waitFor(cell);
      if (answer.type === "value") return answer.value;
      if (answer.type === "refused") throw new InputRefused(answer.message);
      throw new KeyboardInterrupt();
    } finally {
      this.#waiting.delete(cell);
    }
  }

  #waitFor(cell: number): InputAnswer {
    const { signals } = this.#parts;
    for (;;) {
      const count = signals.countAnswers();
      this.#takeAnswers();
      const answer = this.#waiting.get(cell);
      if (answer) return answer;
      this.#isBlocked = true;
      signals.waitForAnswer(count);
      this.#isBlocked = false;
    }
  }

  #takeAnswers(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#parts.port);
      if (!received) return;
      const answer = received.message as InputAnswer;
      const cells = answer.type === "interrupted" ? [...this.#waiting.keys()] : [answer.cell];
      for (const cell of cells) if (this.#waiting.has(cell)) this.#waiting.set(cell, answer);
    }
  }
}
