// Interrupts that cross other messages on their way to the runtime: the loop ends, and nothing else with it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { BareRuntime } from "../support/bare-runtime.ts";

let runtime: BareRuntime;
beforeAll(async () => {
  runtime = await BareRuntime.start();
});
afterAll(() => runtime.stop());

/** Runs a cell that leaves an endless loop behind, and waits for the loop. */
async function leaveLoop(): Promise<void> {
  const loop =
    "setTimeout(() => { require('node:fs').writeSync(1, 'reached'); while (true) {} }, 1)";
  expect(await runtime.ending(runtime.execute(loop))).toBeUndefined();
  await runtime.untilText("reached");
}

test("a loop left behind is stopped though the next cell is sent at once, and that cell runs", async () => {
  for (let round = 0; round < 5; round++) {
    await leaveLoop();
    runtime.send({ type: "interrupt" });
    const cell = runtime.execute("1");
    expect(await runtime.ending(cell)).toBeUndefined();
  }
});
