// Small requests of the protocol, the counting of cells, and content that no handler should see.
// Covers: kernel/handlers/connect.ts, kernel/handlers/usage.ts, kernel/execute/process-usage.ts
// Covers: kernel/handlers/execute.ts
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start({ environment: { GRADLAB_TYPES: "off" } });
});
afterAll(async () => {
  await kernel.stop();
});

test("connect_request names the ports", async () => {
  const { content } = await kernel.request("shell", "connect_request");
  const { ports } = kernel.connection;
  expect(content).toEqual({
    status: "ok",
    shell_port: ports.shell,
    control_port: ports.control,
    iopub_port: ports.iopub,
    stdin_port: ports.stdin,
    hb_port: ports.hb,
  });
});

test("usage_request tells of the kernel with its runtime, and of the machine", async () => {
  const [before] = [await kernel.request("control", "usage_request")];
  const busy = await kernel.execute(
    "const until = Date.now() + 300; let big = Buffer.alloc(200e6, 1); while (Date.now() < until) {}",
  );
  expect(busy.reply["status"]).toBe("ok");
  const { content } = await kernel.request("control", "usage_request");
  expect(content).toMatchObject({
    status: "ok",
    hostname: expect.any(String),
    pid: kernel.process.pid,
    cpu_count: expect.any(Number),
  });
  expect(content["kernel_cpu"]).toBeGreaterThan(10);
  expect(content["host_cpu_percent"]).toBeGreaterThan(0);
  const grown = Number(content["kernel_memory"]) - Number(before?.content["kernel_memory"]);
  expect(grown).toBeGreaterThan(150e6);
  const memory = content["host_virtual_memory"] as Record<string, number>;
  expect(memory["total"]).toBeGreaterThan(memory["available"] ?? Infinity);
  expect(memory["percent"]).toBeLessThanOrEqual(100);
});

describe("counting", () => {
  test("cells that do not count show the next number and reply with the last", async () => {
    const { reply } = await kernel.execute("0");
    const last = reply["execution_count"] as number;
    const unstored = await kernel.execute("1", { store_history: false });
    expect(unstored.reply["execution_count"]).toBe(last);
    const shown = unstored.messages.map(({ content }) => content["execution_count"]);
    expect(shown).toEqual([last + 1, last + 1]);
    expect((await kernel.execute(" ")).reply["execution_count"]).toBe(last);
    const failed = await kernel.execute("throw 1");
    expect(failed.reply["execution_count"]).toBe(last + 1);
  });
});

describe("content of the wrong kind", () => {
  test.each<[string, object, RegExp]>([
    ["execute_request", { code: 5 }, /code must be text, got 5/],
    ["execute_request", { code: "1", user_expressions: { a: 1 } }, /values are text/],
    ["history_request", { hist_access_type: "tail", n: "many" }, /n must be a whole number/],
    ["is_complete_request", {}, /code must be text, got nothing/],
  ])("%s with %j gets an error in three parts", async (type, content, problem) => {
    const reply = await kernel.request("shell", type, { ...content });
    expect(reply.content).toMatchObject({ status: "error", ename: "ProtocolError" });
    expect(reply.content["evalue"]).toMatch(problem);
    expect(reply.content["evalue"]).toMatch(/Send it as the Jupyter protocol/);
    expect(reply.content["traceback"]).toEqual([]);
  });

  test("names that every object has are no requests", async () => {
    kernel.send("shell", "toString", {});
    kernel.send("shell", "__proto__", {});
    expect((await kernel.execute("1")).result).toEqual({ "text/plain": "1" });
    expect(kernel.log).toMatch(/no handler for a message of type toString/);
  });
});
