// A socket gets one message at a time, in order, and a refused one does not stop the rest.
import { describe, expect, test } from "vitest";
import { SendQueue } from "../../../kernel/transport/send-queue.ts";

const frames = (text: string): Uint8Array[] => [Buffer.from(text)];

describe("send queue", () => {
  test("a send starts only after the one before has ended", async () => {
    const log: string[] = [];
    let isBusy = false;
    const queue = new SendQueue(
      {
        async send([frame]) {
          expect(isBusy).toBe(false);
          isBusy = true;
          await new Promise((resolve) => setImmediate(resolve));
          isBusy = false;
          log.push(Buffer.from(frame ?? []).toString());
        },
      },
      () => undefined,
    );
    for (const text of ["a", "b", "c"]) queue.push(frames(text));
    expect(queue.waitingBytes).toBe(3);
    await queue.drained();
    expect(log).toEqual(["a", "b", "c"]);
    expect(queue.waitingBytes).toBe(0);
  });

  test("a refused message is reported and the next one goes out", async () => {
    const errors: unknown[] = [];
    const sent: number[] = [];
    const queue = new SendQueue(
      {
        send([frame]) {
          if (frame?.length === 1) return Promise.reject(new RangeError("refused"));
          sent.push(frame?.length ?? 0);
          return Promise.resolve();
        },
      },
      (error) => errors.push(error),
    );
    queue.push(frames("a"));
    queue.push(frames("bb"));
    await queue.drained();
    expect(errors).toHaveLength(1);
    expect(sent).toEqual([2]);
  });
});
