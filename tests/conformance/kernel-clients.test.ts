// Several clients of one kernel, other transports, and what ends a kernel with all that it has started.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { untilGone } from "../support/processes.ts";
import { TestKernel, type TestKernelOptions } from "../support/test-kernel.ts";

const running: TestKernel[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((kernel) => kernel.stop()));
});

async function start(options: TestKernelOptions = {}): Promise<TestKernel> {
  const environment = { GRADLAB_TYPES: "off", ...options.environment };
  const kernel = await TestKernel.start({ ...options, environment });
  running.push(kernel);
  return kernel;
}

/** Starts a loop beside a program, and gives the ids of the runtime and of the program. */
async function startLoop(kernel: TestKernel): Promise<number[]> {
  const { id } = kernel.send("shell", "execute_request", {
    code: "const { pid } = require('node:child_process').spawn('sleep', ['60']); console.log(process.pid, pid); while (true) {}",
  });
  await kernel.until(() => /\d+ \d+\n/.test(kernel.textOf(id)), "the process ids");
  return kernel.textOf(id).trim().split(" ").map(Number);
}

describe("two clients", () => {
  test("each gets its own replies, and both hear what is published", async () => {
    const first = await start();
    const second = await first.connectAgain();
    const runs = await Promise.all([first.execute("'one'"), second.execute("'two'")]);
    expect(runs.map(({ result }) => result?.["text/plain"])).toEqual(["'one'", "'two'"]);
    const shown = (client: TestKernel): unknown[] =>
      client.published
        .filter(({ header }) => header.msg_type === "execute_result")
        .map(({ content }) => (content["data"] as Record<string, unknown>)["text/plain"]);
    await first.until(() => shown(first).length === 2, "both results");
    await second.until(() => shown(second).length === 2, "both results");
    second.disconnect();
  });

  test("a client that comes later is welcomed once, with what it subscribed to, and so it loses nothing", async () => {
    const first = await start();
    const later = await first.connectAgain();
    const ofType = (type: string): unknown[] =>
      later.published.filter(({ header }) => header.msg_type === type);
    expect(ofType("iopub_welcome")).toMatchObject([
      { parentHeader: {}, metadata: {}, content: { subscription: "" } },
    ]);
    const run = await later.execute("1");
    expect(run.messages.map(({ header }) => header.msg_type)).toEqual([
      "execute_input",
      "execute_result",
    ]);
    expect(ofType("status")).toHaveLength(2);
    expect(ofType("iopub_welcome")).toHaveLength(1);
    later.disconnect();
  });

  test("a question goes to the client whose cell asks", async () => {
    const first = await start();
    const second = await first.connectAgain();
    first.onInput = () => "from the first";
    second.onInput = () => "from the second";
    const ask = { allow_stdin: true };
    const asked = await second.execute("prompt('?')", ask);
    expect(asked.result).toEqual({ "text/plain": "'from the second'" });
    const other = await first.execute("prompt('?')", ask);
    expect(other.result).toEqual({ "text/plain": "'from the first'" });
    second.disconnect();
  });

  test("a cell of a subshell asks while another cell waits for its answer", async () => {
    const kernel = await start();
    const asked: unknown[] = [];
    kernel.onInput = ({ prompt }) => {
      asked.push(prompt);
      return prompt === "inner" ? "2" : "1";
    };
    const created = await kernel.request("control", "create_subshell_request");
    const header = { subshell_id: created.content["subshell_id"] };
    const outer = kernel.execute("prompt('outer')", { allow_stdin: true });
    const inner = await kernel.execute("prompt('inner')", { allow_stdin: true }, header);
    expect(inner.result).toEqual({ "text/plain": "'2'" });
    expect((await outer).result).toEqual({ "text/plain": "'1'" });
    expect(asked).toEqual(["outer", "inner"]);
  });
});

describe("connections", () => {
  test("messages without a signature are taken when the connection file has no key", async () => {
    const kernel = await start({ connection: { key: "" } });
    expect((await kernel.execute("6 * 7")).result).toEqual({ "text/plain": "42" });
  });

  test.skipIf(process.platform === "win32")(
    "sockets may be files (needs POSIX sockets, not Windows)",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "gradlab-ipc-"));
      const ports = { shell_port: 1, control_port: 2, iopub_port: 3, stdin_port: 4, hb_port: 5 };
      const kernel = await start({
        connection: { transport: "ipc", ip: join(folder, "kernel"), ...ports },
      });
      expect((await kernel.execute("6 * 7")).result).toEqual({ "text/plain": "42" });
      expect(await kernel.heartbeat("beat")).toBe("beat");
      rmSync(folder, { recursive: true });
    },
  );
});

describe.skipIf(process.platform === "win32")("ends (needs POSIX signals, not Windows)", () => {
  test("a shutdown while a cell computes takes its programs along", async () => {
    const kernel = await start();
    const processes = await startLoop(kernel);
    await kernel.request("control", "shutdown_request", { restart: false });
    expect(await kernel.exited).toBe(0);
    await untilGone(...processes);
  });

  test("SIGTERM while a cell computes ends everything, with exit code 0", async () => {
    const kernel = await start();
    const processes = await startLoop(kernel);
    kernel.process.kill("SIGTERM");
    expect(await kernel.exited).toBe(0);
    await untilGone(...processes);
  });

  test("the death of the parent while a cell computes ends everything within a second", async () => {
    const parent = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
    const kernel = await start({ environment: { JPY_PARENT_PID: String(parent.pid) } });
    const processes = await startLoop(kernel);
    parent.kill("SIGKILL");
    await new Promise((resolve) => parent.once("exit", resolve));
    const before = performance.now();
    expect(await kernel.exited).toBe(0);
    await untilGone(...processes);
    // A second, and what a machine that does other things may add to it.
    expect(performance.now() - before).toBeLessThan(3000);
  });

  test("a kernel that is killed leaves no program behind", async () => {
    const kernel = await start();
    const processes = await startLoop(kernel);
    kernel.process.kill("SIGKILL");
    expect(await kernel.exited).toBeNull();
    await untilGone(...processes);
  });

  test("SIGINT to the whole group interrupts the cell, and the kernel lives on", async () => {
    const kernel = await start();
    const { id, reply } = kernel.send("shell", "execute_request", {
      code: "let kept = 41; console.log('on'); while (true) {}",
    });
    await kernel.until(() => kernel.textOf(id) !== "", "the begin");
    process.kill(-(kernel.process.pid ?? 0), "SIGINT");
    expect((await reply).content["ename"]).toBe("KeyboardInterrupt");
    await kernel.idle(id);
    expect((await kernel.execute("kept + 1")).result).toEqual({ "text/plain": "42" });
  });
});
