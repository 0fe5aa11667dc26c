// A soak of ten thousand cells that print in every way there is: no output late, none lost, and memory that stays.
import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { descendantsOf } from "../../kernel/execute/runtime/process-tree.ts";
import { TestKernel } from "../support/test-kernel.ts";

const CELLS = 10_000;
/** From here on memory must not grow. */
const SETTLED = 1000;
const BETWEEN_SAMPLES = 250;
/** What garbage that is not yet collected may add to a single sample. */
const MOST_GROWTH = 1.2;

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
    code: `const v${n % 50} = [${n}, 2].map((x) => 2 * x); function f${n % 20}(a: number) { return a + ${n} }`,
    stdout: "",
  }),
  (n) => ({ code: `console.log(${n}); throw new Error("${n}")`, stdout: `${n}\n` }),
  (n) => ({
    code: `setTimeout(() => console.log(${n}), 1); await new Promise(r => setTimeout(r, 2))`,
    stdout: `${n}\n`,
  }),
];

/**
 * What the host and the runtime have written to memory, in MiB. Memory that they share with other programs of Node does
 * not count: its parts grow when one of those ends.
 */
function memoryMib(...pids: number[]): number {
  const sizes = pids.map((pid) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Anonymous:\s+(\d+)/m.exec(text)?.[1] ?? Number.NaN) / 1024;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

test.skipIf(process.platform !== "linux")(
  `${CELLS} cells lose no output, print nothing after idle, and take no more memory after ${SETTLED} (needs /proc)`,
  async () => {
    const kernel = await TestKernel.start();
    const { pid: host = 0 } = kernel.process;
    const runtime = Number((await kernel.execute("process.pid")).result?.["text/plain"]);
    expect(descendantsOf(host)).toContain(runtime);
    await kernel.execute("type Old = 1;\nfunction old(): never {\n  throw new Error('of old');\n}");
    const samples: number[] = [];
    for (let n = 1; n <= CELLS; n++) {
      const { code, stdout } = WAYS[n % WAYS.length]?.(n) ?? { code: "", stdout: "" };
      const run = await kernel.execute(code);
      expect(run.stdout, code).toBe(stdout);
      // The client's own list would make it slow: what has been looked at is forgotten.
      kernel.published.length = 0;
      if (n >= SETTLED && n % BETWEEN_SAMPLES === 0) samples.push(memoryMib(host, runtime));
    }
    const [early, late] = [samples.slice(0, 6), samples.slice(-6)].map(average);
    expect(late, `samples: ${samples.map(Math.round).join(" ")}`).toBeLessThan(
      (early ?? 0) * MOST_GROWTH,
    );
    const { error } = await kernel.execute("old()");
    const shown = stripVTControlCharacters(error?.traceback.join("\n") ?? "");
    expect(shown).toContain("> 3 |   throw new Error('of old');");
    await kernel.stop();
  },
);
