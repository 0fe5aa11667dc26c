// What would end a kernel elsewhere is an error of the cell here; and the kernel ends when it should.
import { spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start({ environment: { GRADLAB_MEMORY: "120" } });
});
afterAll(async () => {
  await kernel.stop();
});

describe("a cell that would end the process", () => {
  test.each(["process.exit(3)", "import { exit } from 'node:process'; exit()"])(
    "%s ends the cell, and variables are kept",
    async (code) => {
      await kernel.execute("let stays = 'here'");
      const run = await kernel.execute(code);
      expect(run.error).toMatchObject({ ename: "SystemExit" });
      expect((await kernel.execute("stays")).result).toEqual({ "text/plain": "'here'" });
    },
  );

  test.each([
    ["process.abort()", /SIGABRT/],
    ["process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {})", /native code.*SIGSEGV/],
    ["process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})", /SIGKILL.*memory/s],
    [
      "const hoard: unknown[] = []; for (;;) hoard.push(new Array(10_000).fill({ a: 1 }))",
      /ran out of memory: \d+ MiB were in use.*limited to 120 MiB.*--memory 256.*GRADLAB_MEMORY/s,
    ],
  ])("%s is an error that says what happened, and a fresh process goes on", async (code, text) => {
    await kernel.execute("const gone = 1");
    const run = await kernel.execute(code);
    expect(run.error?.ename).toBe("RuntimeDied");
    expect(run.error?.evalue).toMatch(/history go on, but all variables are lost: .*gone/);
    expect(run.error?.evalue).toMatch(text);
    expect(run.stderr).not.toMatch(/Last few GCs|Native stack/);
    const count = run.reply["execution_count"] as number;
    const next = await kernel.execute(
      "const before = typeof gone; var gone: number | undefined = 2; before",
    );
    expect(next.result).toEqual({ "text/plain": "'undefined'" });
    expect(next.reply["execution_count"]).toBe(count + 1);
  });

  test("a process that ends itself while its cell is interrupted has died, with all that it held", async () => {
    const { id, reply } = kernel.send("shell", "execute_request", {
      code:
        "const flag: Int32Array = (globalThis as any)[Symbol.for('Jupyter.kernel')].interruptFlag;\n" +
        "console.log('reached'); while (Atomics.load(flag, 0) === 0);\n" +
        // Node takes the inspector down before it sends itself any signal: this one leaves time to hear of it.
        "process.kill(process.pid, 'SIGWINCH'); const end = Date.now() + 100; while (Date.now() < end);\n" +
        "process.kill(process.pid, 'SIGKILL')",
    });
    await kernel.until(() => kernel.textOf(id).includes("reached"), "the loop");
    await kernel.interrupt();
    expect((await reply).content["ename"]).toBe("RuntimeDied");
    await kernel.idle(id);
  });

  test("a process that dies between cells is reported, and the next cell runs", async () => {
    const { id } = kernel.send("shell", "execute_request", {
      code: "setTimeout(() => process.abort(), 20)",
    });
    kernel.allowsLateOutput.add(id);
    await kernel.idle(id);
    const died = (): boolean =>
      kernel.messagesOf(id).some(({ content }) => content["ename"] === "RuntimeDied");
    await kernel.until(died, "the report");
    expect((await kernel.execute("2 + 2")).result).toEqual({ "text/plain": "4" });
  });
});

describe("a runtime that cannot start", () => {
  test("every cell says so, with what Node said", async () => {
    const starved = await TestKernel.start({ arguments: ["--memory", "1"] });
    const run = await starved.execute("1");
    expect(run.error?.ename).toBe("RuntimeDied");
    expect(run.error?.evalue).toMatch(/must start, but ended 3 times.*gradlab doctor/s);
    await starved.stop();
  });
});

describe("the end of the kernel", () => {
  test("a shutdown is answered, told to everybody, and ends the process with 0", async () => {
    const ending = await TestKernel.start();
    await ending.execute("1");
    const reply = await ending.request("control", "shutdown_request", { restart: true });
    expect(reply.content).toEqual({ status: "ok", restart: true });
    expect(await ending.exited).toBe(0);
    await ending.stop();
    expect(ending.published.some(({ header }) => header.msg_type === "shutdown_reply")).toBe(true);
  });

  test("a busy kernel shuts down at once and takes its runtime with it", async () => {
    const ending = await TestKernel.start();
    const { id } = ending.send("shell", "execute_request", {
      code: "console.log(process.pid); while (true) {}",
    });
    await ending.until(() => ending.textOf(id) !== "", "the process id");
    const runtime = Number(ending.textOf(id));
    await ending.request("control", "shutdown_request", { restart: false });
    expect(await ending.exited).toBe(0);
    await ending.stop();
    expect(await isGone(runtime)).toBe(true);
  });

  test("a kernel that is killed does not leave a busy runtime behind", async () => {
    const ending = await TestKernel.start();
    const { id } = ending.send("shell", "execute_request", {
      code: "console.log(process.pid); while (true) {}",
    });
    await ending.until(() => ending.textOf(id) !== "", "the process id");
    const runtime = Number(ending.textOf(id));
    ending.process.kill("SIGKILL");
    await ending.exited;
    expect(await isGone(runtime)).toBe(true);
    await ending.stop();
  });

  test("the kernel leaves when the program that started it is gone", async () => {
    const parent = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
    const orphan = await TestKernel.start({
      environment: { JPY_PARENT_PID: String(parent.pid) },
    });
    await orphan.execute("1");
    parent.kill("SIGKILL");
    expect(await orphan.exited).toBe(0);
    await orphan.stop();
  });
});

/** Whether the process `id` comes to its end within five seconds. */
async function isGone(id: number): Promise<boolean> {
  for (const end = Date.now() + 5000; Date.now() < end;) {
    if (!isAlive(id)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}
