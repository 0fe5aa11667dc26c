// What cells put out, over real sockets: streams, displays, input, late output, and floods.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start({ environment: { GRADLAB_OUTPUT_LIMIT: "12" } });
});
afterAll(async () => {
  await kernel.stop();
});

describe("order and kinds", () => {
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

  test("text comes out while the cell still computes", async () => {
    const { id, reply } = kernel.send("shell", "execute_request", {
      code: "console.log('first'); const end = Date.now() + 60_000; while (Date.now() < end) {}",
    });
    await kernel.until(() => kernel.textOf(id) === "first\n", "the first line");
    await kernel.interrupt();
    expect((await reply).content["ename"]).toBe("KeyboardInterrupt");
    await kernel.idle(id);
  });

  test("text of native code and of child processes is captured", async () => {
    const run = await kernel.execute(
      "import fs from 'node:fs'; import { execSync, spawnSync } from 'node:child_process';\n" +
        "fs.writeSync(1, 'raw\\n'); execSync('echo child; echo trouble >&2', { stdio: 'inherit' })",
    );
    expect(run.stdout).toBe("raw\nchild\n");
    expect(run.stderr).toBe("trouble\n");
  });

  test("bytes that are cut in the middle of a character come out whole", async () => {
    const run = await kernel.execute(
      "const bytes = new TextEncoder().encode('\u00e9\u{1f600}');\n" +
        "for (const byte of bytes) process.stdout.write(Uint8Array.of(byte))",
    );
    expect(run.stdout).toBe("\u00e9\u{1f600}");
  });

  test("a display is updated in place, from a later cell too", async () => {
    const first = await kernel.execute(
      "const handle = display({ step: 1 }); handle.update({ step: 2 })",
    );
    const later = await kernel.execute(
      "handle.update({ step: 3 }); display.html('<i>x</i>').id === handle.id",
    );
    const id = (message: { content: Record<string, unknown> } | undefined): unknown =>
      (message?.content["transient"] as { display_id?: unknown } | undefined)?.display_id;
    const [, shownFirst, updated] = first.messages;
    const [, updatedLater, html] = later.messages;
    expect(updated?.header.msg_type).toBe("update_display_data");
    expect(updatedLater?.content["data"]).toEqual({ "text/plain": "{ step: 3 }" });
    expect(new Set([id(shownFirst), id(updated), id(updatedLater)]).size).toBe(1);
    expect(html?.content["data"]).toMatchObject({ "text/html": "<i>x</i>" });
    expect(later.result).toEqual({ "text/plain": "false" });
  });

  test("a display at the end of a cell is shown once, not its handle too", async () => {
    const run = await kernel.execute("display.markdown('# once');");
    expect(run.messages.map(({ header }) => header.msg_type)).toEqual([
      "execute_input",
      "display_data",
    ]);
  });

  test("clearOutput comes in its place", async () => {
    const run = await kernel.execute("console.log(1); clearOutput(true); console.log(2)");
    expect(run.messages.map(({ header }) => header.msg_type).slice(1)).toEqual([
      "stream",
      "clear_output",
      "stream",
    ]);
  });

  test("a value that shows itself later is shown before the cell ends", async () => {
    const run = await kernel.execute(
      "({ async [Symbol.for('Jupyter.display')]() { await new Promise(r => setTimeout(r, 20)); return { 'text/html': '<b>slow</b>' } } })",
    );
    expect(run.result).toMatchObject({ "text/html": "<b>slow</b>" });
  });

  test("a library reaches the kernel through its symbol", async () => {
    const run = await kernel.execute(
      "const hook = (globalThis as any)[Symbol.for('Jupyter.kernel')];\n" +
        "const shownByHook = hook.display({ 'text/markdown': '*m*' }, { displayId: 'mine' });\n" +
        "shownByHook.update({ 'text/markdown': '*n*' }); [hook.interruptFlag.length, hook.interruptFlag[0]]",
    );
    expect(
      run.messages.slice(1, 3).map(({ content }) => [content["data"], content["transient"]]),
    ).toEqual([
      [{ "text/markdown": "*m*" }, { display_id: "mine" }],
      [{ "text/markdown": "*n*" }, { display_id: "mine" }],
    ]);
    expect(run.result).toEqual({ "text/plain": "[ 1, 0 ]" });
  });
});

describe("input", () => {
  test("prompt and password ask and wait", async () => {
    const asked: unknown[] = [];
    kernel.onInput = (request) => {
      asked.push(request);
      return request["password"] === true ? "secret" : "Ada";
    };
    const run = await kernel.execute("[prompt('Name?'), password('Key?'), prompt()]", {
      allow_stdin: true,
    });
    expect(run.result).toEqual({ "text/plain": "[ 'Ada', 'secret', 'Ada' ]" });
    expect(asked).toEqual([
      { prompt: "Name?", password: false },
      { prompt: "Key?", password: true },
      { prompt: "", password: false },
    ]);
  });

  test("without input the question is an error that says so", async () => {
    const run = await kernel.execute("prompt('Name?')");
    expect(run.error?.ename).toBe("StdinNotImplementedError");
  });
});

describe("what a cell leaves behind", () => {
  test("late output goes to the cell that started it", async () => {
    const { id } = kernel.send("shell", "execute_request", {
      code: "setTimeout(() => { console.log('late'); display('late too') }, 60); 1",
    });
    kernel.allowsLateOutput.add(id);
    await kernel.idle(id);
    const other = await kernel.execute("'other'");
    await kernel.until(() => kernel.messagesOf(id).length >= 4, "the late output");
    expect(kernel.textOf(id)).toBe("late\n");
    expect(other.stdout).toBe("");
  });

  test("errors in timers and unhandled rejections are reported, and the session goes on", async () => {
    const { id } = kernel.send("shell", "execute_request", {
      code: "let alive = 5;\nsetTimeout(() => {\n  throw new Error('in timer')\n}, 1);\nPromise.reject(new Error('nobody waits'))",
    });
    kernel.allowsLateOutput.add(id);
    await kernel.idle(id);
    const errors = () => kernel.messagesOf(id).filter(({ header }) => header.msg_type === "error");
    await kernel.until(() => errors().length === 2, "both reports");
    const text = JSON.stringify(errors().map(({ content }) => content["traceback"]));
    expect(text).toMatch(/in timer/);
    expect(text).toMatch(/nobody waits/);
    expect(text).toMatch(/line 3/);
    expect((await kernel.execute("alive")).result).toEqual({ "text/plain": "5" });
  });
});

describe("a lot of output", () => {
  test("10 MB of lines arrive whole in few messages", async () => {
    const before = kernel.published.length;
    const run = await kernel.execute(
      "for (let i = 0; i < 100_000; i++) console.log('x'.repeat(99))",
    );
    expect(run.stdout.length).toBe(10_000_000);
    expect(kernel.published.length - before).toBeLessThan(80);
  });

  test("a cell that prints without end is cut off with a notice, and can be interrupted", async () => {
    const { id, reply } = kernel.send("shell", "execute_request", {
      code: "for (;;) console.log('y'.repeat(1000))",
    });
    await kernel.until(() => kernel.textOf(id, "stderr") !== "", "the notice");
    expect(kernel.textOf(id, "stderr")).toMatch(/reached 12 MiB.*GRADLAB_OUTPUT_LIMIT/s);
    await kernel.interrupt();
    expect((await reply).content["ename"]).toBe("KeyboardInterrupt");
    await kernel.idle(id);
    expect(kernel.textOf(id).length).toBeLessThan(14 * 1024 * 1024);
    expect((await kernel.execute("'next'")).result).toEqual({ "text/plain": "'next'" });
  });

  test("a cell that displays without end is bounded too", async () => {
    const { id, reply } = kernel.send("shell", "execute_request", {
      code: "for (;;) display('z'.repeat(10_000))",
    });
    await kernel.until(() => kernel.textOf(id, "stderr") !== "", "the notice");
    await kernel.interrupt();
    expect((await reply).content["ename"]).toBe("KeyboardInterrupt");
    await kernel.idle(id);
  });

  test("one text above the limit is cut, not lost", async () => {
    const run = await kernel.execute("console.log('w'.repeat(20_000_000))");
    expect(run.stdout.length).toBe(12 * 1024 * 1024);
    expect(run.stderr).toMatch(/reached 12 MiB/);
  });

  test("a child process that prints without end is bounded, and ends with the interrupt", async () => {
    const { id, reply } = kernel.send("shell", "execute_request", {
      code: "require('node:child_process').execSync('yes', { stdio: 'inherit' })",
    });
    await kernel.until(() => kernel.textOf(id, "stderr") !== "", "the notice");
    await kernel.interrupt();
    expect((await reply).content["status"]).toBe("error");
    await kernel.idle(id);
    expect(kernel.textOf(id).length).toBeLessThan(13 * 1024 * 1024);
  });

  test("the console of a worker thread is captured", async () => {
    const run = await kernel.execute(
      "import { Worker } from 'node:worker_threads';\n" +
        "const worker = new Worker('console.log(\"from a thread\")', { eval: true });\n" +
        "await new Promise(resolve => worker.once('exit', resolve))",
    );
    expect(run.stdout).toBe("from a thread\n");
  });

  test("metadata that JSON cannot express is an error of the cell", async () => {
    const run = await kernel.execute("display(1, { metadata: { big: 1n } })");
    expect(run.error?.ename).toBe("TypeError");
    expect((await kernel.execute("1")).reply["status"]).toBe("ok");
  });
});
