// No output after idle and none lost: ten thousand cells that print in every way there is.
import { expect, test } from "vitest";
import { TestKernel } from "../support/test-kernel.ts";

const CELLS = 10_000;

/** Ways to print, each with what must arrive. */
const WAYS: readonly ((n: number) => { code: string; stdout: string })[] = [
  (n) => ({ code: `console.log(${n})`, stdout: `${n}\n` }),
  (n) => ({ code: `process.stdout.write('a${n}'); ${n}`, stdout: `a${n}` }),
  (n) => ({
    code: `for (let i = 0; i < 20; i++) console.log('line'); await null; console.log(${n})`,
    stdout: `${"line\n".repeat(20)}${n}\n`,
  }),
  (n) => ({ code: `require('node:fs').writeSync(1, 'raw ${n}')`, stdout: `raw ${n}` }),
  (n) => ({
    code: `setTimeout(() => console.log(${n}), 1); await new Promise(r => setTimeout(r, 2))`,
    stdout: `${n}\n`,
  }),
];

test(`${CELLS} printing cells keep their output before their idle`, async () => {
  const kernel = await TestKernel.start();
  for (let n = 0; n < CELLS; n++) {
    const { code, stdout } = WAYS[n % WAYS.length]?.(n) ?? { code: "", stdout: "" };
    const run = await kernel.execute(code);
    expect(run.stdout, code).toBe(stdout);
    // The client's own list would make it slow: what has been looked at is forgotten.
    kernel.published.length = 0;
  }
  await kernel.stop();
});
