// The bell: whoever stands still until it rings gets the answer to its own question, or none in time.
import { expect, test } from "vitest";
import { answerAndRing, bellLine, waitForBell } from "../../../../lib/compile/runners/bell.ts";

const hasDied = (): boolean => false;

test("an answer comes with the bell, its arrays handed over", () => {
  const { asking, answering } = bellLine();
  const numbers = Float32Array.of(1, 2);
  answerAndRing(answering, { id: 7, value: numbers }, [numbers.buffer]);
  expect(waitForBell(asking, 7, { hasDied })).toEqual({ id: 7, value: Float32Array.of(1, 2) });
  expect(numbers.length).toBe(0);
});

test("an answer that nobody waits for any more is passed over", () => {
  const { asking, answering } = bellLine();
  for (const id of [1, 2]) answerAndRing(answering, { id }, []);
  expect(waitForBell(asking, 2, { hasDied })).toEqual({ id: 2 });
});

test("who waits for one that never answers goes on when patience ends", () => {
  const { asking, answering } = bellLine();
  expect(waitForBell(asking, 1, { hasDied, patienceMs: 1 })).toBeUndefined();
  answerAndRing(answering, { id: 1 }, []);
  expect(waitForBell(asking, 2, { hasDied, patienceMs: 1 })).toBeUndefined();
});

test("what the dead have sent is heard, and nothing else is waited for", () => {
  const { asking, answering } = bellLine();
  let answers = 0;
  // The last answer comes between the first look and the death.
  const dies = (): boolean => {
    if (answers++ === 1) answerAndRing(answering, { id: 1 }, []);
    return answers > 1;
  };
  expect(waitForBell(asking, 1, { hasDied: dies })).toEqual({ id: 1 });
  const start = performance.now();
  expect(waitForBell(asking, 2, { hasDied: () => true })).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(1000);
});
