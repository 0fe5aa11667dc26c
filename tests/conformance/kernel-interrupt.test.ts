// One interrupt stops a cell wherever it is, and the session is as well as before.
// Covers: kernel/language/web-assembly-types.ts
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { interruptPosition, POSITIONS, remember, WELL } from "../support/interrupt-positions.ts";
import { isAlive, untilGone } from "../support/processes.ts";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start();
  await remember(kernel);
});
afterAll(async () => {
  await kernel.stop();
});

/** Starts a cell that prints "reached" and never ends. */
async function startEndless(code: string): Promise<ReturnType<TestKernel["send"]>> {
  const sent = kernel.send("shell", "execute_request", { code });
  await kernel.until(() => kernel.textOf(sent.id).includes("reached"), "the endless part");
  return sent;
}

/** Puts a package whose only function never ends beside the notebook. */
function installPackage(name: string, manifest: object): void {
  const folder = join(kernel.folder, "node_modules", name);
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ name, main: "index.js", ...manifest });
  writeFileSync(join(folder, "package.json"), text);
  writeFileSync(join(folder, "index.js"), "module.exports = () => { while (true) {} };");
}

describe("the first interrupt ends", () => {
  test.each(Object.entries(POSITIONS))("%s", async (_place, code) => {
    expect(await interruptPosition(kernel, code)).toEqual(WELL);
  });
});

describe("interrupts", () => {
  test("finally blocks run when an await is interrupted", async () => {
    const { id, reply } = await startEndless(
      "let finished = false; console.log('reached'); try { await new Promise(() => {}) } finally { finished = true }",
    );
    await kernel.interrupt();
    await reply;
    await kernel.idle(id);
    expect((await kernel.execute("finished")).result).toEqual({ "text/plain": "true" });
  });

  test("a prompt that waits is interrupted", async () => {
    let ask = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      ask = resolve;
    });
    kernel.onInput = () => {
      ask();
      return "too late";
    };
    const { id, reply } = kernel.send("shell", "execute_request", {
      code: "prompt('?'); while (true) {}",
      allow_stdin: true,
    });
    await asked;
    await kernel.interrupt();
    expect((await reply).content["ename"]).toBe("KeyboardInterrupt");
    await kernel.idle(id);
  });

  test("a cell that swallows interrupts ends with the third", async () => {
    const { id, reply } = await startEndless(
      "console.log('reached'); for (;;) { try { await new Promise(() => {}) } catch { console.log('caught') } }",
    );
    await kernel.interrupt();
    await kernel.until(() => kernel.textOf(id).includes("caught"), "the first catch");
    await kernel.interrupt();
    await kernel.until(() => /caught[^]*caught/.test(kernel.textOf(id)), "the second catch");
    await kernel.interrupt();
    expect((await reply).content["ename"]).toBe("KeyboardInterrupt");
    await kernel.idle(id);
  });

  test("code that polls the interrupt flag leaves at a place of its own choice", async () => {
    const { id, reply } = await startEndless(
      "const flag: Int32Array = (globalThis as any)[Symbol.for('Jupyter.kernel')].interruptFlag; let whole = 0;\n" +
        "console.log('reached'); while (Atomics.load(flag, 0) === 0) { const end = Date.now() + 60; while (Date.now() < end); whole++ }\n" +
        "throw Object.assign(new Error('left between steps'), { name: 'KeyboardInterrupt' })",
    );
    await kernel.interrupt();
    expect((await reply).content).toMatchObject({
      ename: "KeyboardInterrupt",
      evalue: "left between steps",
    });
    await kernel.idle(id);
    expect((await kernel.execute("flag[0]")).result).toEqual({ "text/plain": "0" });
  });

  test("polling code that awaits between steps is not torn away from its cell", async () => {
    const { id, reply } = await startEndless(
      "async function steps() { const stop: Int32Array = (globalThis as any)[Symbol.for('Jupyter.kernel')].interruptFlag;\n" +
        "while (Atomics.load(stop, 0) === 0) await new Promise(r => setTimeout(r, 20)); return 'stopped well' }\n" +
        "console.log('reached'); await steps()",
    );
    await kernel.interrupt();
    expect((await reply).content["status"]).toBe("ok");
    await kernel.idle(id);
  });

  test("a loop that an earlier cell left behind is stopped, and the cell in its way with it", async () => {
    const first = kernel.send("shell", "execute_request", {
      code: "setTimeout(() => { require('node:fs').writeSync(1, 'reached'); while (true) {} }, 1); 1",
    });
    kernel.allowsLateOutput.add(first.id);
    await kernel.until(() => kernel.textOf(first.id).includes("reached"), "the loop");
    const { id, reply } = kernel.send("shell", "execute_request", { code: "globalThis.began = 1" });
    await kernel.until(() => kernel.messagesOf(id).length > 0, "the start of the cell");
    await kernel.interrupt();
    expect((await reply).content["ename"]).toBe("KeyboardInterrupt");
    await kernel.idle(id);
    const after = await kernel.execute("typeof globalThis.began");
    expect(after.result).toEqual({ "text/plain": "'undefined'" });
  });

  test("a cell that is still looked at and compiled does not begin", async () => {
    for (let waitMs = 0; waitMs < 12; waitMs++) {
      // Each is new to the language server, and endless where the interrupt is lost.
      const code = `const endless${waitMs} = ${waitMs}; await new Promise(() => {}); endless${waitMs}`;
      const { id, reply } = kernel.send("shell", "execute_request", { code });
      await kernel.until(() => kernel.messagesOf(id).length > 0, "the cell's number");
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      await kernel.interrupt();
      expect((await reply).content["ename"]).toBe("KeyboardInterrupt");
      await kernel.idle(id);
    }
  });

  test("an interrupt without a running cell does nothing", async () => {
    await kernel.interrupt();
    expect((await kernel.execute("1")).result).toEqual({ "text/plain": "1" });
  });

  test("a loop that an earlier cell left behind is stopped when no cell runs, and the user is told", async () => {
    const { id } = kernel.send("shell", "execute_request", {
      code: "setTimeout(() => { require('node:fs').writeSync(1, 'reached'); while (true) {} }, 20); 1",
    });
    kernel.allowsLateOutput.add(id);
    await kernel.idle(id);
    await kernel.until(() => kernel.textOf(id).includes("reached"), "the loop");
    await kernel.interrupt();
    await kernel.until(() => kernel.textOf(id, "stderr") !== "", "the notice");
    expect(kernel.textOf(id, "stderr")).toMatch(/earlier cell had left running was stopped/);
    expect((await kernel.execute("kept")).result).toEqual({ "text/plain": "'kept'" });
  });

  test.each([
    ["a program that an await waits for", "await new Promise(r => child.on('exit', r))"],
    ["a program beside a loop", "while (true) {}"],
  ])("%s is ended too", async (_what, ending) => {
    const { id, reply } = await startEndless(
      `const child = require('node:child_process').spawn('sleep', ['60']); console.log('reached ' + child.pid); ${ending}`,
    );
    const child = Number(/reached (\d+)/.exec(kernel.textOf(id))?.[1]);
    await kernel.interrupt();
    expect((await reply).content["ename"]).toBe("KeyboardInterrupt");
    await kernel.idle(id);
    await untilGone(child);
  });

  test("a program of an earlier cell and one that is detached live on", async () => {
    const spawn = "require('node:child_process').spawn";
    const before = await kernel.execute(`const server = ${spawn}('sleep', ['60']); server.pid`);
    const servers = [Number(before.result?.["text/plain"])];
    // Start times are known to a hundredth of a second.
    await kernel.execute("await new Promise(r => setTimeout(r, 50))");
    const { id, reply } = await startEndless(
      `const apart = ${spawn}('sleep', ['60'], { detached: true }); console.log('reached ' + apart.pid); while (true) {}`,
    );
    servers.push(Number(/reached (\d+)/.exec(kernel.textOf(id))?.[1]));
    await kernel.interrupt();
    await reply;
    await kernel.idle(id);
    await kernel.execute("1");
    expect(servers.map(isAlive)).toEqual([true, true]);
    for (const one of servers) process.kill(one, "SIGKILL");
  });

  test("a loop in a package that allows it ends with the first interrupt", async () => {
    installPackage("obliging", { jupyter: { interruptible: true } });
    const { id, reply } = await startEndless(
      "import obliging from 'obliging'; console.log('reached'); obliging()",
    );
    await kernel.interrupt();
    expect((await reply).content["ename"]).toBe("KeyboardInterrupt");
    await kernel.idle(id);
  });

  test("a program that ignores SIGINT and blocks the cell ends with the second interrupt", async () => {
    const { id, reply } = await startEndless(
      `console.log('reached'); require('node:child_process').execSync("trap '' INT; sleep 60")`,
    );
    await kernel.interrupt();
    await kernel.until(() => kernel.textOf(id, "stderr") !== "", "the hint");
    await kernel.interrupt();
    expect((await reply).content["status"]).toBe("error");
    await kernel.idle(id);
    expect((await kernel.execute("kept")).result).toEqual({ "text/plain": "'kept'" });
  });

  test("a loop in a package ends with the second interrupt", async () => {
    installPackage("endless", {});
    const { id, reply } = await startEndless(
      "import endless from 'endless'; console.log('reached'); endless()",
    );
    await kernel.interrupt();
    await kernel.until(() => kernel.textOf(id, "stderr") !== "", "the hint");
    expect(kernel.textOf(id, "stderr")).toMatch(/Interrupt again to force it/);
    await kernel.interrupt();
    expect((await reply).content["ename"]).toBe("KeyboardInterrupt");
    await kernel.idle(id);
    expect((await kernel.execute("kept")).result).toEqual({ "text/plain": "'kept'" });
  });
});
