// A bell: the worker rings it when it has answered a thread that stands still until then.
import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Answer } from "./worker-messages.ts";

/** How long a thread stands still unless told, in milliseconds: for the living, whose run of many steps may be a long one. */
const PATIENCE_MS = 600_000;
/** How long it sleeps before it looks whether there is still somebody to ring, in milliseconds. */
const SLEEP_MS = 20;

/** One end of the line for such answers. */
export interface BellLine {
  /** One word, which counts the answers. */
  readonly bell: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** Both ends: for the thread that asks, and for the worker. Nobody listens, so that they keep nobody alive. */
export function bellLine(): { asking: BellLine; answering: BellLine } {
  const { port1, port2 } = new MessageChannel();
  const bell = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  return { asking: { bell, port: port1 }, answering: { bell, port: port2 } };
}

/** Sends an answer, and rings. */
export function answerAndRing(
  { bell, port }: BellLine,
  answer: Answer,
  handedOver: ArrayBuffer[],
): void {
  port.postMessage(answer, handedOver);
  const words = new Int32Array(bell);
  Atomics.add(words, 0, 1);
  Atomics.notify(words, 0);
}

/** Who waits, and for how long. */
export interface Wait {
  /** Whether nobody can ring any more; asked while this thread stands still. */
  readonly hasDied: () => boolean;
  readonly patienceMs?: number;
}

/** The answer to a question that was asked before, once the bell has rung; undefined when none comes, or not in time. */
export function waitForBell(
  { bell, port }: BellLine,
  question: number,
  { hasDied, patienceMs = PATIENCE_MS }: Wait,
): Answer | undefined {
  const words = new Int32Array(bell);
  const end = performance.now() + patienceMs;
  for (;;) {
    const rung = Atomics.load(words, 0);
    // Asked first: what somebody has sent before dying is there.
    const isLast = hasDied();
    const answer = receiveMessageOnPort(port)?.message as Answer | undefined;
    if (answer?.id === question) return answer;
    // One to an earlier question, which nobody waits for any more, may have come first.
    if (answer !== undefined) continue;
    const left = end - performance.now();
    if (isLast || left <= 0) return undefined;
    Atomics.wait(words, 0, rung, Math.min(left, SLEEP_MS));
  }
}
