// Interrupts, many times over in one session: every position, again and again, in changing order, on every Node.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { interruptPosition, POSITIONS, remember, WELL } from "../support/interrupt-positions.ts";
import { hasOtherNodes, installNode, NODE_VERSIONS } from "../support/other-nodes.ts";
import { TestKernel } from "../support/test-kernel.ts";

const ROUNDS = 10;
const ALL = ROUNDS * Object.keys(POSITIONS).length;

/** @returns how many interrupts went well */
async function interruptEverywhere(node: string): Promise<number> {
  const kernel = await TestKernel.start({ node });
  await remember(kernel);
  let interrupts = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const codes = Object.values(POSITIONS);
    // Another neighbour in every round, so that a position cannot hide what the one before has broken.
    const order = codes.map((_code, index) => codes[(index * 5 + round) % codes.length] ?? "");
    expect(new Set(order).size).toBe(codes.length);
    for (const code of order) {
      expect(await interruptPosition(kernel, code), code).toEqual(WELL);
      interrupts++;
    }
  }
  await kernel.stop();
  return interrupts;
}

describe("interrupt stress", () => {
  test(`every position ${ROUNDS} times in one session`, async () => {
    expect(await interruptEverywhere(process.execPath)).toBe(ALL);
  });
});

describe.skipIf(!hasOtherNodes)("interrupt stress on other Node versions (needs Linux x64)", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradlab-node-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(NODE_VERSIONS)(
    `every position ${ROUNDS} times in one session on Node %s`,
    async (version) => {
      const node = join(installNode(folder, version), "node");
      expect(await interruptEverywhere(node)).toBe(ALL);
    },
  );
});
