// Interrupts that cross other messages on their way to the runtime: the loop ends, and nothing else with it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { BareRuntime } from "../support/bare-runtime.ts";

let runtime: BareRuntime;
beforeAll(async () => {
  runtime = await BareRuntime.start();
});
afterAll(() => runtime.stop());

/** Runs a cell that leaves an endless loop behind, and waits for the loop. @returns the cell's number */
async function leaveLoop(): Promise<number> {
  const loop =
    "setTimeout(() => { require('node:fs').writeSync(1, 'reached'); while (true) {} }, 1)";
  const cell = runtime.execute(loop);
  expect(await runtime.ending(cell)).toBeUndefined();
  await runtime.untilText("reached");
  return cell;
}

test("a loop left behind is stopped though the next cell is sent at once, and that cell runs", async () => {
  for (let round = 0; round < 5; round++) {
    await leaveLoop();
    runtime.send({ type: "interrupt" });
    const cell = runtime.execute("1");
    expect(await runtime.ending(cell)).toBeUndefined();
  }
});

test("looks at values on their way do not take the end that is meant for the loop", async () => {
  let look = 0;
  for (let round = 0; round < 20; round++) {
    const loop = await leaveLoop();
    const looking = setInterval(() => {
      for (let i = 0; i < 5; i++) runtime.send({ type: "look", look: ++look, expression: "Math" });
    }, 1);
    runtime.send({ type: "interrupt" });
    try {
      await runtime.until("notice", ({ cell }) => cell === loop);
      expect(await runtime.ending(runtime.execute("1"))).toBeUndefined();
    } finally {
      clearInterval(looking);
    }
  }
});

test("expressions of a debugger on their way do not take the end that is meant for the cell", async () => {
  let command = 0;
  const inspect = (method: string, parameters: object = {}): void =>
    runtime.send({ type: "inspect", id: ++command, method, parameters });
  inspect("Debugger.enable");
  for (let round = 0; round < 20; round++) {
    const cell = runtime.execute("require('node:fs').writeSync(1, 'reached'); while (true) {}");
    await runtime.untilText("reached");
    const evaluating = setInterval(() => {
      for (let i = 0; i < 5; i++) inspect("Runtime.evaluate", { expression: "1" });
    }, 1);
    runtime.send({ type: "interrupt" });
    try {
      expect(await runtime.ending(cell)).toBe("KeyboardInterrupt");
      expect(await runtime.ending(runtime.execute("1"))).toBeUndefined();
    } finally {
      clearInterval(evaluating);
    }
  }
  inspect("Debugger.disable");
});
