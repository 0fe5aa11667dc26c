// The self test of the event loop, on one that works and on one whose timers do not come.
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.useRealTimers();
  vi.resetModules();
});

test("an event loop that works is found to work", async () => {
  const { selfTest } = await import("../../../../kernel/execute/runtime/self-test.ts");
  await expect(selfTest()).resolves.toBeUndefined();
});

test("an event loop whose timers never come leaves the answer open", async () => {
  vi.useFakeTimers();
  const { selfTest } = await import("../../../../kernel/execute/runtime/self-test.ts");
  let isOver = false;
  void selfTest().then(() => {
    isOver = true;
  });
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  expect(isOver).toBe(false);
  await vi.runAllTimersAsync();
  expect(isOver).toBe(true);
});
