// Subshells of a real kernel: their cells run while the main shell's cell waits, and while it computes.
// Covers: kernel/execute/runtime/beside-start.ts, kernel/execute/runtime/nested-cells.ts
// Covers: kernel/execute/runtime/interrupted-place.ts, kernel/execute/runtime/own-inspector.ts
// Covers: kernel/execute/runtime/running-cells.ts, kernel/transport/shells.ts, kernel/handlers/subshells.ts
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;
let subshell: string;
beforeAll(async () => {
  kernel = await TestKernel.start();
});
beforeEach(async () => {
  const { content } = await kernel.request("control", "create_subshell_request");
  subshell = String(content["subshell_id"]);
});
afterAll(async () => {
  await kernel.stop();
});

const inSubshell = (): { header: { subshell_id: string } } => ({
  header: { subshell_id: subshell },
});

interface StartedCell {
  readonly id: string;
  readonly reply: Promise<Record<string, unknown>>;
}

/** Starts a cell of the main shell, and resolves when it has begun. */
async function startMain(code: string): Promise<StartedCell> {
  const { id, reply } = kernel.send("shell", "execute_request", {
    code: `console.log('begun'); ${code}`,
  });
  await kernel.until(() => kernel.textOf(id) !== "", "the begin of the cell");
  return { id, reply: reply.then(({ content }) => content) };
}

async function interruptAndWait(cell: StartedCell): Promise<void> {
  await kernel.interrupt();
  await cell.reply;
  await kernel.idle(cell.id);
}

describe("the life of a subshell", () => {
  test("it is listed until it is deleted, and then unknown", async () => {
    const listed = await kernel.request("control", "list_subshell_request");
    expect(listed.content).toMatchObject({ status: "ok" });
    expect(listed.content["subshell_id"]).toContain(subshell);
    const content = { subshell_id: subshell };
    const deleted = await kernel.request("control", "delete_subshell_request", content);
    expect(deleted.content).toEqual({ status: "ok" });
    const again = await kernel.request("control", "delete_subshell_request", content);
    expect(again.content).toMatchObject({ status: "error", ename: "SubshellNotFound" });
    const cell = await kernel.execute("1", {}, inSubshell());
    expect(cell.reply).toMatchObject({ status: "error", ename: "SubshellNotFound" });
    expect(cell.messages).toEqual([]);
  });

  test("kernel_info says that there are subshells", async () => {
    const { content } = await kernel.request("shell", "kernel_info_request");
    expect(content["supported_features"]).toContain("kernel subshells");
  });

  test("variables are those of the kernel, whoever declares them", async () => {
    await kernel.execute("let shared = 1", {}, inSubshell());
    expect((await kernel.execute("shared += 1")).result).toEqual({ "text/plain": "2" });
    const seen = await kernel.execute("shared", {}, inSubshell());
    expect(seen.result).toEqual({ "text/plain": "2" });
  });
});

describe("beside a cell that waits", () => {
  test("a cell of a subshell runs, and both keep their output", async () => {
    const main = await startMain(
      "await new Promise(r => { globalThis.goOn = r }); console.log('main again')",
    );
    const run = await kernel.execute(
      "console.log('sub'); await null; console.log('sub again'); goOn(); 5",
      {},
      inSubshell(),
    );
    expect(run.result).toEqual({ "text/plain": "5" });
    expect(run.stdout).toBe("sub\nsub again\n");
    expect(await main.reply).toMatchObject({ status: "ok" });
    await kernel.idle(main.id);
    expect(kernel.textOf(main.id)).toBe("begun\nmain again\n");
  });

  test("an interrupt stops both", async () => {
    const main = await startMain("await new Promise(() => {})");
    const sub = kernel.send(
      "shell",
      "execute_request",
      { code: "console.log('x'); await new Promise(() => {})" },
      inSubshell(),
    );
    await kernel.until(() => kernel.textOf(sub.id) !== "", "the begin of the other cell");
    await interruptAndWait(main);
    expect(await main.reply).toMatchObject({ ename: "KeyboardInterrupt" });
    expect((await sub.reply).content).toMatchObject({ ename: "KeyboardInterrupt" });
    await kernel.idle(sub.id);
  });

  test("of a loop and a cell that waits, an interrupt ends each in its way", async () => {
    const main = await startMain(
      "try { await new Promise(() => {}) } finally { console.log('cleaned up') }",
    );
    const sub = kernel.send(
      "shell",
      "execute_request",
      { code: "console.log('x'); while (true) {}" },
      inSubshell(),
    );
    await kernel.until(() => kernel.textOf(sub.id) !== "", "the begin of the loop");
    await interruptAndWait(main);
    expect((await sub.reply).content).toMatchObject({ ename: "KeyboardInterrupt" });
    await kernel.idle(sub.id);
    expect(kernel.textOf(main.id)).toBe("begun\ncleaned up\n");
    expect((await kernel.execute("'alive'")).result).toEqual({ "text/plain": "'alive'" });
  });
});

describe("beside a cell that computes", () => {
  test("a cell of a subshell runs at once, with its value and its output", async () => {
    const main = await startMain("let rounds = 0; while (true) rounds++");
    const run = await kernel.execute(
      "console.log('sub'); const seen = rounds; seen > 0",
      {},
      inSubshell(),
    );
    expect(run.stdout).toBe("sub\n");
    expect(run.result).toEqual({ "text/plain": "true" });
    expect(run.reply).toMatchObject({ status: "ok" });
    await interruptAndWait(main);
    expect((await kernel.execute("seen <= rounds")).result).toEqual({ "text/plain": "true" });
    expect(kernel.textOf(main.id)).toBe("begun\n");
  });

  test("its error is told at once, with its line", async () => {
    const main = await startMain("while (true) {}");
    const run = await kernel.execute("\nthrow new RangeError('sub')", {}, inSubshell());
    expect(run.error).toMatchObject({ ename: "RangeError", evalue: "sub" });
    expect(run.error?.traceback.join("\n")).toMatch(/line 2/);
    const text = await kernel.execute("throw 'text'", {}, inSubshell());
    expect(text.error?.traceback.join("\n")).toMatch(/text/);
    await interruptAndWait(main);
  });

  test("what it awaits comes when the main thread is free", async () => {
    const main = await startMain("while (!globalThis.mayEnd) {}; console.log('main ends')");
    const sub = kernel.send(
      "shell",
      "execute_request",
      { code: "globalThis.mayEnd = true; await null; console.log('after await'); 7" },
      inSubshell(),
    );
    expect(await main.reply).toMatchObject({ status: "ok" });
    expect((await sub.reply).content).toMatchObject({ status: "ok" });
    await kernel.idle(sub.id);
    expect(kernel.textOf(sub.id)).toBe("after await\n");
    expect(kernel.textOf(main.id)).toBe("begun\nmain ends\n");
  });

  test("a loop in the middle of a loop is interrupted, with the state kept", async () => {
    await kernel.execute("let kept = 41");
    const main = await startMain("while (true) {}");
    const sub = kernel.send(
      "shell",
      "execute_request",
      { code: "kept++; console.log('x'); while (true) {}" },
      inSubshell(),
    );
    await kernel.until(() => kernel.textOf(sub.id) !== "", "the begin of the inner loop");
    await interruptAndWait(main);
    expect((await sub.reply).content).toMatchObject({ ename: "KeyboardInterrupt" });
    await kernel.idle(sub.id);
    expect((await kernel.execute("await null; kept")).result).toEqual({ "text/plain": "42" });
  });

  test("errors abort the queue of their own shell only", async () => {
    const main = await startMain("while (!globalThis.stopNow) {}");
    const next = kernel.send("shell", "execute_request", { code: "'next of main'" });
    const failing = { code: "await null; throw new Error('sub')" };
    const sub = kernel.send("shell", "execute_request", failing, inSubshell());
    const behind = kernel.send("shell", "execute_request", { code: "1" }, inSubshell());
    const other = await kernel.request("control", "create_subshell_request");
    await kernel.execute(
      "globalThis.stopNow = true",
      {},
      { header: { subshell_id: other.content["subshell_id"] } },
    );
    expect((await sub.reply).content).toMatchObject({ status: "error" });
    expect((await behind.reply).content).toMatchObject({ status: "aborted" });
    expect(await main.reply).toMatchObject({ status: "ok" });
    expect((await next.reply).content).toMatchObject({ status: "ok" });
    for (const { id } of [main, next, sub, behind]) await kernel.idle(id);
  });
});
