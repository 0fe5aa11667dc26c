// Questions about values: an answer goes to who asked, and without one nobody waits for long.
import { expect, test, vi } from "vitest";
import { LiveLooks } from "../../../kernel/execute/live-looks.ts";
import type { HostMessage, LiveLook } from "../../../kernel/execute/runtime-messages.ts";

const FOUND: LiveLook = { type: "A", text: "A", isFunction: false, preview: [], properties: [] };

test("each answer goes to its question", async () => {
  const sent: HostMessage[] = [];
  const looks = new LiveLooks((message) => sent.push(message));
  const [first, second] = [looks.look("a"), looks.look("b")];
  expect(sent).toEqual([
    { type: "look", look: 1, expression: "a" },
    { type: "look", look: 2, expression: "b" },
  ]);
  looks.receive({ type: "looked", look: 2, found: FOUND });
  looks.receive({ type: "looked", look: 1, found: undefined });
  expect(await second).toBe(FOUND);
  expect(await first).toBeUndefined();
});

test("a question that is not answered ends without a value", async () => {
  vi.useFakeTimers();
  const looks = new LiveLooks(() => undefined);
  const answer = looks.look("a");
  await vi.advanceTimersByTimeAsync(1000);
  expect(await answer).toBeUndefined();
  vi.useRealTimers();
});
