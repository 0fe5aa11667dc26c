// Interrupts, many times over in one session: every position, again and again, in changing order.
import { describe, expect, test } from "vitest";
import { interruptPosition, POSITIONS, remember, WELL } from "../support/interrupt-positions.ts";
import { TestKernel } from "../support/test-kernel.ts";

const ROUNDS = 10;

describe("interrupt stress", () => {
  test(`every position ${ROUNDS} times in one session`, async () => {
    const kernel = await TestKernel.start();
    await remember(kernel);
    let interrupts = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const codes = Object.values(POSITIONS);
      // Another neighbour in every round, so that a position cannot hide what the one before has broken.
      const order = codes.map((_code, index) => codes[(index * 7 + round) % codes.length] ?? "");
      for (const code of order) {
        expect(await interruptPosition(kernel, code), code).toEqual(WELL);
        interrupts++;
      }
    }
    expect(interrupts).toBe(ROUNDS * Object.keys(POSITIONS).length);
    await kernel.stop();
  });
});
