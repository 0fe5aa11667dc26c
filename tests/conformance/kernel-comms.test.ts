// Comms over real sockets: opened by both sides, with bytes, while cells wait, and after the runtime has died.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Message } from "../../kernel/protocol/message.ts";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start();
});
afterAll(async () => {
  await kernel.stop();
});

const ofType = (messages: readonly Message[], type: string): Message[] =>
  messages.filter(({ header }) => header.msg_type === type);

/** Sends a message of a comm, and gives what it caused. */
async function tell(
  type: string,
  content: Record<string, unknown>,
  buffers: readonly Uint8Array[] = [],
): Promise<Message[]> {
  const id = kernel.tell(type, content, buffers);
  await kernel.idle(id);
  return kernel.messagesOf(id);
}

test("a cell opens a comm, sends data and bytes, and closes it, under its own header", async () => {
  const run = await kernel.execute(
    'import { comms } from "gradlab/kernel";\n' +
      'const plot = comms.open("plot", { a: 1 }, { metadata: { version: "2" } });\n' +
      "plot.send({ b: 2 }, { buffers: [new Float32Array([1.5]), new Uint8Array(3)] });",
  );
  const [opened] = ofType(run.messages, "comm_open");
  const [sent] = ofType(run.messages, "comm_msg");
  const id = opened?.content["comm_id"];
  expect(opened?.content).toEqual({ comm_id: id, target_name: "plot", data: { a: 1 } });
  expect(opened?.metadata).toEqual({ version: "2" });
  expect(sent?.content).toEqual({ comm_id: id, data: { b: 2 } });
  expect(sent?.buffers.map(({ length }) => length)).toEqual([4, 3]);
  const info = await kernel.request("shell", "comm_info_request");
  expect(info.content["comms"]).toMatchObject({ [String(id)]: { target_name: "plot" } });
  const others = await kernel.request("shell", "comm_info_request", { target_name: "other" });
  expect(others.content["comms"]).toEqual({});
  const closing = await kernel.execute("plot.close({ why: 'done' })");
  expect(ofType(closing.messages, "comm_close")[0]?.content).toEqual({
    comm_id: id,
    data: { why: "done" },
  });
});

test("a front end opens a comm, and what its messages cause carries their headers", async () => {
  await kernel.execute(
    'comms.register("echo", (comm, opening) => {\n' +
      "  comm.send({ opened: opening.data });\n" +
      "  comm.onMessage(({ data, buffers }) => {\n" +
      "    console.log('heard', data); display.html('<b>seen</b>');\n" +
      "    comm.send({ back: data }, { buffers });\n" +
      "    if ((data as { fails?: boolean }).fails) throw new RangeError('no');\n" +
      "  });\n" +
      "  comm.onClose(({ data }) => console.log('closed', data));\n" +
      "});",
  );
  const id = randomUUID();
  const opened = await tell("comm_open", { comm_id: id, target_name: "echo", data: { x: 1 } });
  expect(opened.map(({ content }) => content)).toEqual([
    { comm_id: id, data: { opened: { x: 1 } } },
  ]);
  const bytes = new Uint8Array([1, 2, 250]);
  const heard = await tell("comm_msg", { comm_id: id, data: { y: 2 } }, [bytes]);
  expect(heard.map(({ header }) => header.msg_type)).toEqual([
    "stream",
    "display_data",
    "comm_msg",
  ]);
  expect(heard[0]?.content["text"]).toBe("heard { y: 2 }\n");
  expect([...(heard[2]?.buffers[0] ?? [])]).toEqual([...bytes]);
  const failed = await tell("comm_msg", { comm_id: id, data: { fails: true } });
  const [error] = ofType(failed, "error");
  expect(error?.content).toMatchObject({ ename: "RangeError", evalue: "no" });
  expect(String(error?.content["traceback"])).toContain("throw new RangeError");
  const closed = await tell("comm_close", { comm_id: id, data: { z: 3 } });
  expect(closed[0]?.content["text"]).toBe("closed { z: 3 }\n");
});

test("a comm for a target that nobody registered is closed again, at once", async () => {
  const content = { comm_id: "c1", target_name: "nobody", data: {} };
  const [answer] = await tell("comm_open", content);
  expect(answer?.header.msg_type).toBe("comm_close");
  expect(answer?.content["comm_id"]).toBe("c1");
  expect(await tell("comm_msg", { comm_id: "c1", data: {} })).toEqual([]);
});

test("a cell that awaits a message goes on with it, and keeps its own output", async () => {
  const { id, reply } = kernel.send("shell", "execute_request", {
    code:
      'const asked = comms.open("ask", {});\n' +
      "const answer = await new Promise((resolve) => asked.onMessage(({ data }) => {\n" +
      "  console.log('on its way'); resolve(data);\n" +
      "}));\n" +
      "console.log('got', answer);",
  });
  const opened = (): Message | undefined => ofType(kernel.messagesOf(id), "comm_open")[0];
  await kernel.until(() => opened() !== undefined, "the comm of the waiting cell");
  const caused = await tell("comm_msg", { comm_id: opened()?.content["comm_id"], data: { n: 7 } });
  expect(caused[0]?.content["text"]).toBe("on its way\n");
  expect((await reply).content["status"]).toBe("ok");
  await kernel.idle(id);
  expect(kernel.textOf(id)).toBe("got { n: 7 }\n");
});

test("a comm whose target the running cell is about to register waits for that", async () => {
  const code =
    "await new Promise((resolve) => setTimeout(resolve, 50));\n" +
    'comms.register("late", (comm) => comm.send({ here: true }));';
  const { reply } = kernel.send("shell", "execute_request", { code });
  const answers = await tell("comm_open", { comm_id: "c2", target_name: "late", data: {} });
  expect(answers[0]?.content).toEqual({ comm_id: "c2", data: { here: true } });
  expect((await reply).content["status"]).toBe("ok");
});

test("when the process of the cells dies, the kernel closes its comms", async () => {
  const [last] = await tell("comm_open", { comm_id: "c3", target_name: "late", data: {} });
  expect(last?.content["comm_id"]).toBe("c3");
  const run = await kernel.execute("process.abort()");
  expect(ofType(run.messages, "comm_close").map(({ content }) => content["comm_id"])).toContain(
    "c3",
  );
  const info = await kernel.request("shell", "comm_info_request");
  expect(info.content["comms"]).toEqual({});
});
