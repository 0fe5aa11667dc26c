// The debugger under stress: interrupts at every position while it is attached, many stops, many rounds.
import { describe, expect, test } from "vitest";
import { DebugClient } from "../support/debug-client.ts";
import { interruptPosition, POSITIONS, remember, WELL } from "../support/interrupt-positions.ts";
import { TestKernel } from "../support/test-kernel.ts";

const ROUNDS = 3;

describe("a debugger that is attached", () => {
  test(`leaves interrupts as they are: every position ${ROUNDS} times`, async () => {
    const kernel = await TestKernel.start();
    const client = new DebugClient(kernel);
    await client.attach();
    await client.must("setExceptionBreakpoints", { filters: ["uncaught"] });
    await client.breakAt("const never = 1;", [1]);
    await remember(kernel);
    for (let round = 0; round < ROUNDS; round++) {
      for (const code of Object.values(POSITIONS)) {
        expect(await interruptPosition(kernel, code), code).toEqual(WELL);
      }
    }
    await client.must("disconnect");
    await kernel.stop();
  });

  test("stops a thousand times in one loop, and in a hundred rounds of its own", async () => {
    const kernel = await TestKernel.start();
    const client = new DebugClient(kernel);
    const code = "let count = 0;\nfor (; count < 1000; ) {\n  count++;\n}\ncount;";
    await client.attach();
    await client.breakAt(code, [3]);
    const { id, reply } = client.begin(code);
    for (let stop = 0; stop < 1000; stop++) {
      await client.event("stopped");
      await client.must("continue");
    }
    expect((await reply).content["status"]).toBe("ok");
    await kernel.idle(id);
    for (let round = 0; round < 100; round++) {
      await client.must("disconnect");
      await client.attach();
      const line = `const round${round} = 1;`;
      await client.breakAt(line, [1]);
      const cell = client.begin(line);
      await client.event("stopped");
      await client.must("continue");
      await cell.reply;
      await kernel.idle(cell.id);
    }
    await kernel.stop();
  });
});
