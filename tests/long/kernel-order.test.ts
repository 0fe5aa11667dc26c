// No message after idle and none lost: ten thousand cells that put out something in every way there is.
import { expect, test } from "vitest";
import { TestKernel } from "../support/test-kernel.ts";

const CELLS = 10_000;
/** How long a message that should not come gets to come, in milliseconds. */
const LATE_WAIT_MS = 500;

interface Way {
  readonly code: string;
  readonly stdout: string;
  /** Types of the messages besides text, in order. */
  readonly others?: readonly string[];
}

/** Ways to put something out, each with what must arrive. */
const WAYS: readonly ((n: number) => Way)[] = [
  (n) => ({ code: `console.log(${n})`, stdout: `${n}\n` }),
  (n) => ({
    code: `process.stdout.write('a${n}'); ${n}`,
    stdout: `a${n}`,
    others: ["execute_result"],
  }),
  (n) => ({
    code: `for (let i = 0; i < 20; i++) console.log('line'); await null; console.log(${n})`,
    stdout: `${"line\n".repeat(20)}${n}\n`,
  }),
  (n) => ({ code: `void require('node:fs').writeSync(1, 'raw ${n}')`, stdout: `raw ${n}` }),
  (n) => ({
    code: `setTimeout(() => console.log(${n}), 1); await new Promise(r => setTimeout(r, 2))`,
    stdout: `${n}\n`,
  }),
  (n) => ({
    code: `display(${n}).update(${n + 1}); clearOutput(); display.html('x'); ${n}`,
    stdout: "",
    others: [
      "display_data",
      "update_display_data",
      "clear_output",
      "display_data",
      "execute_result",
    ],
  }),
  (n) => ({
    code: `console.log(${n}); throw new Error('x')`,
    stdout: `${n}\n`,
    others: ["error"],
  }),
];

test(`each message of ${CELLS} cells arrives, before their idle and in order`, async () => {
  const kernel = await TestKernel.start({ environment: { GRADLAB_TYPES: "off" } });
  for (let n = 0; n < CELLS; n++) {
    const { code, stdout, others = [] } = WAYS[n % WAYS.length]?.(n) ?? { code: "", stdout: "" };
    const run = await kernel.execute(code, { stop_on_error: false });
    expect(run.stdout, code).toBe(stdout);
    const types = run.messages.map(({ header }) => header.msg_type);
    const expected = ["execute_input", ...others];
    expect(
      types.filter((type) => type !== "stream"),
      code,
    ).toEqual(expected);
    expect(run.reply["execution_count"]).toBe(n + 1);
    const states = kernel.published.flatMap(({ content }) => content["execution_state"] ?? []);
    expect(states.filter((state) => state !== "starting")).toEqual(["busy", "idle"]);
    kernel.published.length = 0;
  }
  await new Promise((resolve) => setTimeout(resolve, LATE_WAIT_MS));
  expect(kernel.published).toEqual([]);
  await kernel.stop();
});
