// A real kernel process over real sockets: cells and their errors, and every request of the protocol.
// Covers: kernel/execute/session.ts, kernel/execute/runtime-process.ts, kernel/execute/runtime-supervisor.ts
// Covers: kernel/execute/runtime/*.ts, kernel/transport/kernel-server.ts, kernel/transport/sockets.ts
// Covers: kernel/transport/errors.ts, kernel/handlers/*.ts, kernel/launcher/start.ts, kernel/launcher/serve.ts, kernel/launcher/parent.ts
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start({ arguments: ["--Session.debug=True", "extra"] });
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
    expect(run.reply).toMatchObject({ status: "ok", user_expressions: {}, payload: [] });
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
    expect(run.error).toMatchObject({ ename: "RangeError", evalue: "bad 1" });
    const text = run.error?.traceback.join("\n");
    expect(text).toMatch(/line 4, in fail/);
    expect(text).toMatch(/line 6/);
  });

  test("a cell that does not parse runs nothing", async () => {
    const run = await kernel.execute("globalThis.ran = true; const = 5");
    expect(run.error?.ename).toBe("SyntaxError");
    expect(run.error?.traceback.join("\n")).toMatch(/line 1/);
    expect(await shown("typeof globalThis.ran")).toBe("'undefined'");
  });

  test("a thrown value that is no error is shown", async () => {
    const run = await kernel.execute("throw { code: 51 }");
    expect(run.error?.traceback.join("\n")).toMatch(/code: 51/);
  });

  test("a thrown value that is no error is shown with the lines it was thrown from", async () => {
    const run = await kernel.execute(
      "type A = {\n  a: 1 }\n\nconst f = (): never => {\n  throw 'in'\n}\nf()",
    );
    const text = run.error?.traceback.join("\n");
    expect(text).toMatch(/Uncaught.* in/);
    expect(text).toMatch(/line 5, in f/);
    expect(text).toMatch(/line 7/);
    // The same value from elsewhere has no place.
    const rejected = await kernel.execute("await Promise.reject('in')");
    expect(rejected.error?.traceback.join("\n")).not.toMatch(/line \d/);
  });

  test("the stack that a cell reads names lines of TypeScript", async () => {
    const types = "type B = {\n  b: 1 }\n\n";
    const run = await kernel.execute(
      `${types}try { throw new Error('cell-0.ts:1:1') } catch (e) { console.log((e as Error).stack) }`,
    );
    expect(run.stdout).toMatch(/^Error: cell-0\.ts:1:1\n {4}at cell-\d+\.ts:4:13$/m);
  });

  test("code that makes stacks itself still gets them, and its errors keep their lines", async () => {
    expect(
      await shown(
        "globalThis.makeStack = Error.prepareStackTrace; Error.prepareStackTrace = (_, sites) => sites; Array.isArray(new Error('a').stack)",
      ),
    ).toBe("true");
    await kernel.execute("Error.prepareStackTrace = (e, sites) => `${e}\\n    at ${sites[0]}`");
    const run = await kernel.execute("type C = {\n  c: 1 }\n\nthrow new Error('own')");
    expect(run.error?.traceback.join("\n")).toMatch(/line 4/);
    await kernel.execute("Error.prepareStackTrace = makeStack");
  });

  test("the learner's line is shown below thirty frames of other code", async () => {
    const run = await kernel.execute(
      "const deep = (n: number): number => (n === 0 ? JSON.parse('{') : deep(n - 1))\n\ndeep(30)",
    );
    expect(run.error?.traceback.join("\n")).toMatch(/line 3/);
  });

  test("a cell awaits at its top level", async () => {
    expect(await shown("await new Promise(resolve => setTimeout(resolve, 5)); 'after'")).toBe(
      "'after'",
    );
  });
});

describe("how a cell is to be run", () => {
  test("a silent cell says nothing and does not count", async () => {
    const before = (await kernel.execute("0")).reply["execution_count"] as number;
    const silent = await kernel.execute("console.log('x'); display(1); const quiet = 1; 5", {
      silent: true,
    });
    expect(silent.messages).toEqual([]);
    expect(silent.reply["status"]).toBe("ok");
    const after = await kernel.execute("quiet");
    expect(after.result).toEqual({ "text/plain": "1" });
    expect(after.reply["execution_count"]).toBe(before + 1);
  });

  test("store_history=false does not count", async () => {
    const before = (await kernel.execute("0")).reply["execution_count"] as number;
    const unstored = await kernel.execute("3", { store_history: false });
    expect(unstored.result).toEqual({ "text/plain": "3" });
    expect((await kernel.execute("0")).reply["execution_count"]).toBe(before + 1);
  });

  test("user expressions are evaluated after the cell, each for itself", async () => {
    const run = await kernel.execute("const base = 4", {
      user_expressions: { good: "base * 2", bad: "nowhere" },
    });
    expect(run.reply["user_expressions"]).toMatchObject({
      good: { status: "ok", data: { "text/plain": "8" } },
      bad: { status: "error", ename: "ReferenceError" },
    });
    expect(run.result).toBeUndefined();
  });

  test("an error aborts the cells that wait behind it", async () => {
    const first = kernel.send("shell", "execute_request", {
      code: "await new Promise(resolve => setTimeout(resolve, 30)); throw new Error('stop')",
    });
    const second = kernel.send("shell", "execute_request", { code: "globalThis.second = 1" });
    const info = kernel.send("shell", "kernel_info_request", {});
    expect((await first.reply).content["status"]).toBe("error");
    expect((await second.reply).content["status"]).toBe("aborted");
    expect((await info.reply).content["status"]).toBe("ok");
    await kernel.idle(second.id);
    expect(await shown("typeof globalThis.second")).toBe("'undefined'");
  });

  test("with stop_on_error=false the next cells run", async () => {
    const first = kernel.send("shell", "execute_request", {
      code: "await null; throw new Error('go on')",
      stop_on_error: false,
    });
    const second = kernel.send("shell", "execute_request", { code: "'ran'" });
    expect((await first.reply).content["status"]).toBe("error");
    expect((await second.reply).content["status"]).toBe("ok");
    await kernel.idle(second.id);
  });
});

describe("other requests", () => {
  test("kernel_info names the language so that JupyterLab highlights it", async () => {
    const { content } = await kernel.request("shell", "kernel_info_request");
    expect(content).toMatchObject({
      status: "ok",
      protocol_version: "5.5",
      implementation: "gradlab",
      language_info: {
        name: "typescript",
        mimetype: "application/typescript",
        file_extension: ".ts",
      },
    });
    expect(content["language_info"]).not.toHaveProperty("codemirror_mode");
  });

  test.each([
    ["const x: number = 5", "complete"],
    ["function f() {", "incomplete"],
    ["const = 5", "invalid"],
  ])("is_complete calls %j %s", async (code, status) => {
    const { content } = await kernel.request("shell", "is_complete_request", { code });
    expect(content["status"]).toBe(status);
  });

  test.each([
    ["inspect_request", { code: "x", cursor_pos: 1, detail_level: 0 }, { found: false }],
    ["comm_info_request", {}, { comms: {} }],
  ])("%s gets a valid reply that finds nothing", async (type, content, expected) => {
    const reply = await kernel.request("shell", type, content);
    expect(reply.content).toMatchObject({ status: "ok", ...expected });
  });

  test("a comm that nobody knows is closed again", async () => {
    const content = { comm_id: "c1", target_name: "nobody", data: {} };
    const { id } = kernel.send("shell", "comm_open", content);
    await kernel.idle(id);
    const [closed] = kernel.messagesOf(id);
    expect(closed).toMatchObject({
      header: { msg_type: "comm_close" },
      content: { comm_id: "c1" },
    });
  });

  test("the heartbeat and requests are answered while a cell computes", async () => {
    const { id, reply } = kernel.send("shell", "execute_request", {
      code: "console.log('on'); while (true) {}",
    });
    await kernel.until(() => kernel.textOf(id) !== "", "the first output");
    expect(await kernel.heartbeat("beat")).toBe("beat");
    await kernel.request("shell", "kernel_info_request");
    await kernel.request("shell", "is_complete_request", { code: "1" });
    // After the idle of the small request comes the busy of the cell, which front ends then show.
    const isLast = (state: string): boolean =>
      kernel.published.findLast(({ header }) => header.msg_type === "status")?.content[
        "execution_state"
      ] === state;
    await kernel.until(() => isLast("busy"), "the busy that follows the small requests");
    await kernel.interrupt();
    await reply;
    await kernel.idle(id);
  });

  test("unknown arguments of the command are ignored with a warning", () => {
    expect(kernel.log).toMatch(/ignoring unknown arguments: --Session.debug=True extra/);
  });

  test("broken, forged and repeated messages are refused, and the kernel goes on", async () => {
    await kernel.sendFrames([Buffer.from("nonsense")]);
    await kernel.sendFrames(
      ["<IDS|MSG>", "bad signature", "{}", "{}", "{}", "{}"].map((text) => Buffer.from(text)),
    );
    expect(await shown("'alive'")).toBe("'alive'");
    expect(kernel.log).toMatch(/a message was refused: .*another signature/);
  });
});
