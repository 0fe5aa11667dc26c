// What goes on while the program stands still: interrupts, deaths, other requests, and requests without sense.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { DebugClient } from "../support/debug-client.ts";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;
let client: DebugClient;
beforeAll(async () => {
  kernel = await TestKernel.start();
  client = new DebugClient(kernel);
});
afterEach(async () => {
  await client.ask("disconnect");
});
afterAll(async () => {
  await kernel.stop();
});

describe("while the program stands still", () => {
  const CODE = "let stood = 0;\nconsole.log('before');\nfor (;;) {\n  stood++;\n}";

  test("the kernel answers everything else", async () => {
    await client.attach();
    await client.breakAt(CODE, [4]);
    const { id, reply } = client.begin(CODE);
    await client.stopped();
    expect(kernel.textOf(id)).toBe("before\n");
    expect(await kernel.heartbeat("still")).toBe("still");
    const code = "1 +";
    const complete = await kernel.request("shell", "is_complete_request", { code });
    expect(complete.content["status"]).toBe("incomplete");
    expect((await kernel.request("control", "kernel_info_request")).content["status"]).toBe("ok");
    const info = await client.must("debugInfo");
    expect(info).toMatchObject({ isStarted: true, stoppedThreads: [1], richRendering: true });
    await kernel.interrupt();
    expect((await reply).content["ename"]).toBe("KeyboardInterrupt");
    await kernel.idle(id);
  });

  test("an interrupt ends the cell, keeps its variables, and breakpoints go on to work", async () => {
    await client.attach();
    await client.breakAt(CODE, [4]);
    for (const round of [1, 2, 3]) {
      const { id, reply } = client.begin(CODE);
      expect((await client.stop())[0], `round ${round}`).toMatch(/:4$/);
      await client.must("next");
      await client.stopped();
      await kernel.interrupt();
      expect((await reply).content["ename"]).toBe("KeyboardInterrupt");
      await kernel.idle(id);
      expect((await kernel.execute("stood")).result).toEqual({ "text/plain": "1" });
      expect(await client.must("debugInfo")).toMatchObject({ stoppedThreads: [] });
    }
  });

  test("an interrupt ends what a timer stopped in, and the next cell runs", async () => {
    await client.attach();
    const code = "setTimeout(() => {\n  globalThis.never = 1;\n}, 1);";
    await client.breakAt(code, [2]);
    const timer = client.begin(code);
    kernel.allowsLateOutput.add(timer.id);
    await client.stopped();
    await kernel.interrupt();
    await client.event("continued");
    expect((await kernel.execute("typeof globalThis.never")).result).toEqual({
      "text/plain": "'undefined'",
    });
  });

  test("a cell can be sent; it runs when the program runs on", async () => {
    await client.attach();
    const code = "setTimeout(() => {\n  globalThis.order = ['timer'];\n}, 1);";
    await client.breakAt(code, [2]);
    client.begin(code);
    await client.stopped();
    const { id, reply } = client.begin("globalThis.order.push('cell'); globalThis.order.join()");
    await client.must("continue");
    await reply;
    await kernel.idle(id);
    expect(kernel.messagesOf(id).at(-1)?.content["data"]).toEqual({ "text/plain": "'timer,cell'" });
  });

  test("a client that leaves lets the program run on", async () => {
    await client.attach();
    const code = "let left = 1;\nleft += 1;";
    await client.breakAt(code, [2]);
    const { id, reply } = client.begin(code);
    await client.stopped();
    await client.must("disconnect", { restart: false, terminateDebuggee: false });
    expect((await reply).content["status"]).toBe("ok");
    await kernel.idle(id);
    expect(await client.must("debugInfo")).toMatchObject({ isStarted: false, breakpoints: [] });
  });
});

describe("the process of the user's code", () => {
  test("may die: the debugger stays attached to the next one, with its breakpoints", async () => {
    await client.attach();
    const code = "let fresh = 1;\nfresh += 1;";
    await client.breakAt(code, [2]);
    const dying = client.begin(
      "globalThis.process.kill(globalThis.process.pid, 'SIGKILL'); for (;;) {}",
    );
    expect((await dying.reply).content["ename"]).toBe("RuntimeDied");
    await kernel.idle(dying.id);
    const { id, reply } = client.begin(code);
    expect((await client.stop())[0]).toMatch(/:2$/);
    await client.must("continue");
    await reply;
    await kernel.idle(id);
  });

  test("is ended by a shutdown while it stands still", async () => {
    const other = await TestKernel.start();
    const debugging = new DebugClient(other);
    await debugging.attach();
    const code = "let last = 1;\nlast += 1;";
    await debugging.breakAt(code, [2]);
    debugging.begin(code);
    await debugging.stopped();
    await other.request("control", "shutdown_request", { restart: true });
    await debugging.event("continued");
    await debugging.event("terminated");
    expect(await other.exited).toBe(0);
    await other.stop();
  });
});

describe("requests", () => {
  test("that make no sense are answered, and harm nothing", async () => {
    expect(await client.ask("stackTrace")).toMatchObject({
      success: false,
      body: { stackFrames: [] },
    });
    await client.attach();
    const nonsense: [string, object][] = [
      ["noSuchRequest", {}],
      ["setBreakpoints", { source: 5, breakpoints: "many" }],
      ["setBreakpoints", { source: { path: "/no/where.ts" }, breakpoints: [{ line: 1 }, {}] }],
      ["variables", { variablesReference: 999_999 }],
      ["scopes", { frameId: "first" }],
      ["evaluate", { expression: 5 }],
      ["evaluate", { expression: "1 +" }],
      ["setVariable", {}],
      ["source", { source: { path: "/no/where.ts" } }],
      ["continue", {}],
      ["exceptionInfo", {}],
      ["copyToGlobals", {}],
    ];
    for (const [command, given] of nonsense) {
      const answer = await client.ask(command, given as never);
      expect(answer["type"], command).toBe("response");
    }
    expect(await client.must("threads")).toEqual({ threads: [{ id: 1, name: "main" }] });
    expect((await kernel.execute("1")).result).toEqual({ "text/plain": "1" });
  });

  test("attach and leave as often as they like", async () => {
    for (let round = 0; round < 5; round++) {
      await client.attach();
      await client.must("disconnect");
    }
    expect((await kernel.execute("1")).result).toEqual({ "text/plain": "1" });
  });
});
