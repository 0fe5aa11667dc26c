// Where code can be when it is interrupted: endless code in every kind of callback that Node has.
import type { TestKernel } from "./test-kernel.ts";

/** Says that the endless part has been reached; from there on the cell never ends by itself. */
const REACHED = "require('node:fs').writeSync(1, 'reached\\n');";
const LOOP = `${REACHED} while (true) {}`;
const NEVER = "await new Promise(() => {})";

/** Endless cells by the place that they are in. */
export const POSITIONS: Readonly<Record<string, string>> = {
  "a loop": LOOP,
  "a loop after an await": `await null; ${LOOP}`,
  "a loop after a timer": `await new Promise(r => setTimeout(r, 3)); ${LOOP}`,
  "a loop after setImmediate": `await new Promise(r => setImmediate(r)); ${LOOP}`,
  "a loop after nextTick": `await new Promise(r => process.nextTick(r)); ${LOOP}`,
  "a loop after reading a file": `await require('node:fs').promises.readFile(process.execPath, { length: 1 }).catch(() => 0); ${LOOP}`,
  "endless microtasks": `${REACHED} for (;;) { await null; for (let i = 0; i < 1e5; i++); }`,
  "awaits of a millisecond": `${REACHED} for (;;) await new Promise(r => setTimeout(r, 1))`,
  "a timer": `await new Promise(() => setTimeout(() => { ${LOOP} }, 3))`,
  "an interval": `const interval = setInterval(() => { clearInterval(interval); ${LOOP} }, 3); ${NEVER}`,
  "an immediate": `await new Promise(() => setImmediate(() => { ${LOOP} }))`,
  "an immediate with others behind it": `for (let i = 0; i < 3; i++) setImmediate(() => { if (i === 0) { ${LOOP} } }); ${NEVER}`,
  nextTick: `await new Promise(() => process.nextTick(() => { ${LOOP} }))`,
  "a microtask": `await new Promise(() => queueMicrotask(() => { ${LOOP} }))`,
  "a file callback": `require('node:fs').stat('.', () => { ${LOOP} }); ${NEVER}`,
  "a child's output": `require('node:child_process').spawn('echo', ['x']).stdout.on('data', () => { ${LOOP} }); ${NEVER}`,
  "a stream": `for await (const x of require('node:stream').Readable.from([1, 2, 3])) { ${LOOP} }`,
  "a comparator": `[3, 2, 1].sort(() => { ${LOOP} })`,
  "a JSON reviver": `JSON.parse('[1]', () => { ${LOOP} })`,
  "a loop that catches everything": `${REACHED} for (;;) { try { while (true) {} } catch {} finally {} }`,
  "a try with finally": `try { ${LOOP} } finally { globalThis.finallyRan = true }`,
  "a regular expression that backtracks": `${REACHED} /^(a+)+$/.test('a'.repeat(40) + 'b')`,
  "a WebAssembly loop": `const bytes = Uint8Array.from([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11]);\nconst { instance } = await (globalThis as any).WebAssembly.instantiate(bytes); ${REACHED} instance.exports.f()`,
  "a getter that an await reads": `const trap = { get then() { ${LOOP} return undefined } }; await trap`,
  "a generator": `function* numbers() { ${LOOP} yield 1 }\nfor (const one of numbers()) one`,
  "Atomics.wait": `${REACHED} Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`,
  "a promise that never settles": `${REACHED} ${NEVER}`,
  "a program that blocks": `${REACHED} require('node:child_process').execSync('sleep 60')`,
};

/** Puts something into the session that must outlive every interrupt. */
export async function remember(kernel: TestKernel): Promise<void> {
  await kernel.execute("let kept = 'kept'");
}

/** Interrupts one position. @returns the error it ended with, and what the session answers afterwards */
export async function interruptPosition(
  kernel: TestKernel,
  code: string,
): Promise<{ ename: unknown; afterwards: unknown }> {
  const { id, reply } = kernel.send("shell", "execute_request", { code });
  kernel.allowsLateOutput.add(id);
  await kernel.until(() => kernel.textOf(id).includes("reached"), "the endless part");
  await kernel.interrupt();
  const { content } = await reply;
  await kernel.idle(id);
  const health = await kernel.execute(
    "await new Promise(r => setTimeout(r, 1)); await new Promise(r => setImmediate(r));\n" +
      "await new Promise(r => process.nextTick(r)); await require('node:fs').promises.stat('.');\n" +
      "kept",
  );
  const afterwards = health.error?.traceback.join("\n") ?? health.result?.["text/plain"];
  return { ename: content["ename"], afterwards };
}

/** What every position must come to. */
export const WELL: { ename: string; afterwards: string } = {
  ename: "KeyboardInterrupt",
  afterwards: "'kept'",
};
