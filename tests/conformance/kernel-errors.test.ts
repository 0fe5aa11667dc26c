// Errors as the notebook shows them: under the cell that started them, at TypeScript lines, whatever is thrown.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start();
});
afterAll(async () => {
  await kernel.stop();
});

function errorsOf(id: string): string[] {
  return kernel
    .messagesOf(id)
    .filter(({ header }) => header.msg_type === "error")
    .map(({ content }) => content["evalue"] as string);
}

async function tracebackOf(code: string): Promise<string> {
  const { error } = await kernel.execute(code);
  return stripVTControlCharacters(error?.traceback.join("\n") ?? "no error");
}

describe("an error that no cell awaits, while a later cell runs", () => {
  const LATE = "await new Promise(r => setTimeout(r, 30)); throw new Error('late')";

  test.each([
    ["a timer", "setTimeout(() => { throw new Error('late') }, 30)"],
    ["a rejection in a timer", "setTimeout(() => { Promise.reject(new Error('late')) }, 30)"],
    ["an async function", `(async () => { ${LATE} })()`],
    [
      "an immediate of a file callback",
      "require('node:fs').stat('.', () => setTimeout(() => setImmediate(() => { throw new Error('late') }), 30))",
    ],
    ["a tick", "setTimeout(() => process.nextTick(() => { throw new Error('late') }), 30)"],
  ])("of %s stands under its own cell", async (_what, code) => {
    const first = kernel.send("shell", "execute_request", { code: `void (${code});` });
    kernel.allowsLateOutput.add(first.id);
    await kernel.idle(first.id);
    const second = kernel.send("shell", "execute_request", {
      code: "console.log('waiting'); await new Promise(() => {})",
    });
    await kernel.until(() => kernel.textOf(second.id) !== "", "the start of the second cell");
    await kernel.until(() => errorsOf(first.id).length > 0, "the error of the first cell");
    expect(errorsOf(first.id)).toEqual(["late"]);
    await kernel.interrupt();
    await kernel.idle(second.id);
    expect(errorsOf(second.id)).not.toContain("late");
  });
});

describe("tracebacks", () => {
  test("pass through modules, each with its own source", async () => {
    writeFileSync(
      join(kernel.folder, "steps.ts"),
      "type Size = number;\n\nexport function step(size: Size): never {\n  throw new RangeError(`no step of ${size}`);\n}\n",
    );
    const shown = await tracebackOf(
      "import { step } from './steps.ts';\ninterface Wide { a: 1 }\nconst wide: Wide = { a: 1 };\nstep(3)",
    );
    expect(shown).toMatch(
      /^RangeError: no step of 3\n {2}at steps\.ts, line 4, in step \(steps\.ts:4:9\)\n {2}3 \| export function step/,
    );
    expect(shown).toMatch(/at cell \d+, line 4 \(cell-\d+\.ts:4:1\)\n> 4 \| step\(3\)\n {4}\| \^$/);
  });

  test("of a function that a much older cell declared still show its source", async () => {
    await kernel.execute("type T = 1;\nfunction old(): never {\n  throw new Error('of old');\n}");
    for (let n = 0; n < 20; n++) await kernel.execute(`${n}`);
    expect(await tracebackOf("old()")).toContain("> 3 |   throw new Error('of old');");
  });

  test.each([
    [
      "a getter that throws",
      "throw Object.defineProperty(new Error('g'), 'message', { get() { throw 1 } })",
    ],
    [
      "a proxy whose traps throw",
      "throw new Proxy(new Error('p'), { get() { throw 1 }, getPrototypeOf() { throw 2 }, ownKeys() { throw 3 }, has() { throw 4 }, getOwnPropertyDescriptor() { throw 5 } })",
    ],
    ["a frozen error", "throw Object.freeze(new Error('f'))"],
    ["an error without a stack", "const bare = new Error('b'); bare.stack = undefined; throw bare"],
    [
      "an error that is its own cause",
      "const round: any = new Error('r'); round.cause = round; throw round",
    ],
    ["a huge message", "throw new Error('long '.repeat(1e6))"],
    ["a recursion without end", "const again = (): number => again() + 1; again()"],
    ["a symbol", "throw Symbol('s')"],
  ])("of %s are short, and the session goes on", async (_what, code) => {
    const shown = await tracebackOf(code);
    expect(shown).not.toBe("no error");
    expect(shown.length).toBeLessThan(8000);
    expect((await kernel.execute("1 + 1")).result).toEqual({ "text/plain": "2" });
  });
});

describe("stacks that code reads itself", () => {
  test.each([
    ["error.stack", "new Error('q').stack"],
    [
      "Error.captureStackTrace",
      "const holder: any = {}; Error.captureStackTrace(holder); holder.stack",
    ],
  ])("%s names TypeScript lines", async (_what, code) => {
    const run = await kernel.execute(`interface Wide {\n  a: 1;\n}\n\n${code}`);
    expect(run.result?.["text/plain"]).toMatch(/cell-\d+\.ts:5:\d+/);
  });

  test("a prepareStackTrace of the user's own is used", async () => {
    const run = await kernel.execute(
      "const before = Error.prepareStackTrace; Error.prepareStackTrace = (_error, sites) => `${sites.length > 0} mine`;\n" +
        "const mine = new Error('q').stack; Error.prepareStackTrace = before; mine",
    );
    expect(run.result?.["text/plain"]).toBe("'true mine'");
  });
});
