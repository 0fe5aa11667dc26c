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

/**
 * Asks a question and blocks until it is answered.
 *
 * @throws {KeyboardInterrupt} when the wait is interrupted
 * @throws {InputRefused} when the front end takes no input
 */
export function ask(parts: AskParts, question: unknown, isPassword: boolean): string {
  while (receiveMessageOnPort(parts.port)); // an answer that came too late for an earlier question
  parts.signals.expectInput();
  const prompt = typeof question === "string" ? question : inspect(question);
  parts.output.send({ type: "input-request", cell: parts.owner(), prompt, isPassword });
  parts.signals.waitForInput();
  const answer = receiveMessageOnPort(parts.port)?.message as InputAnswer | undefined;
  if (answer?.type === "value") return answer.value;
  if (answer?.type === "refused") throw new InputRefused(answer.message);
  throw new KeyboardInterrupt();
}
