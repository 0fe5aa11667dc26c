// A real kernel process over real sockets: cells, their output, their errors, and how the kernel survives them.
// Covers: kernel/execute/session.ts, kernel/execute/runtime-process.ts, kernel/execute/runtime-supervisor.ts
// Covers: kernel/execute/runtime/*.ts, kernel/transport/kernel-server.ts, kernel/transport/sockets.ts
// Covers: kernel/transport/errors.ts, kernel/handlers/*.ts, kernel/launcher/start.ts, kernel/launcher/parent.ts
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start();
});
afterAll(async () => {
  await kernel.stop();
});

/** The value that a cell shows as text. */
async function shown(code: string): Promise<unknown> {
  const run = await kernel.execute(code);
  expect(run.error, code).toBeUndefined();
  return run.result?.["text/plain"];
}

describe("running cells", () => {
  test("a value is shown as the result of its cell", async () => {
    const run = await kernel.execute("1 + 1");
    expect(run.result).toEqual({ "text/plain": "2" });
    expect(run.reply).toMatchObject({ status: "ok" });
    expect(run.messages.map(({ header }) => header.msg_type)).toEqual([
      "execute_input",
      "execute_result",
    ]);
  });

  test("what a cell declares is there for the next, whatever it was before", async () => {
    await kernel.execute("const kept: number = 20; class Shape {}");
    expect(await shown("kept * 2")).toBe("40");
    expect(await shown("function kept() { return 'f' }\nkept()")).toBe("'f'");
  });

  test("an error names the cell and the line in TypeScript", async () => {
    const run = await kernel.execute(
      "interface Point { x: number }\n\nfunction fail(p: Point) {\n  throw new RangeError('bad ' + p.x)\n}\nfail({ x: 1 })",
    );
    expect(run.reply).toMatchObject({ status: "error", ename: "RangeError", evalue: "bad 1" });
    const text = run.error?.traceback.join("\n");
    expect(text).toMatch(/line 4, in fail/);
    expect(text).toMatch(/line 6/);
  });

  test("a cell awaits at its top level", async () => {
    expect(await shown("await new Promise(resolve => setTimeout(resolve, 5)); 'after'")).toBe(
      "'after'",
    );
  });
});

describe("output", () => {
  test("console, streams, displays and results come in the order of the code", async () => {
    const run = await kernel.execute(
      "console.log('one'); console.error('two'); display(3); process.stdout.write('four\\n'); 5",
    );
    expect(run.messages.map(({ header }) => header.msg_type).slice(1)).toEqual([
      "stream",
      "stream",
      "display_data",
      "stream",
      "execute_result",
    ]);
    expect(run.stdout).toBe("one\nfour\n");
    expect(run.stderr).toBe("two\n");
  });
});

describe("interrupts", () => {
  test("an endless loop stops and its variables are kept", async () => {
    await kernel.execute("let counter = 0");
    const { id, reply } = kernel.send("shell", "execute_request", {
      code: "console.log('on'); while (true) { counter++ }",
    });
    await kernel.until(() => kernel.textOf(id) !== "", "the first output");
    await kernel.interrupt();
    expect((await reply).content).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
    await kernel.idle(id);
    expect(await shown("counter > 0")).toBe("true");
  });

  test("an endless await stops and its variables are kept", async () => {
    const { id, reply } = kernel.send("shell", "execute_request", {
      code: "const before = 7; console.log('on'); await new Promise(() => {})",
    });
    await kernel.until(() => kernel.textOf(id) !== "", "the first output");
    await kernel.interrupt();
    expect((await reply).content).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
    await kernel.idle(id);
    expect(await shown("before")).toBe("7");
  });
});
