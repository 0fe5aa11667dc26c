// Whether the event loop works: code that was ended from outside may have left one of its queues broken.
const { setTimeout: startTimer, setImmediate: startImmediate } = globalThis;
const tick = process.nextTick.bind(process);

/** Resolves when a timer, an immediate, a tick and a promise have each had their turn. */
export async function selfTest(): Promise<void> {
  await new Promise((resolve) => startTimer(resolve, 1));
  await new Promise((resolve) => startImmediate(resolve));
  await new Promise<void>((resolve) => tick(resolve));
  await Promise.resolve();
}
