// Widgets over real sockets: what a page would see of them, and the output of code that runs for a widget.
// Covers: kernel/execute/runtime/captures.ts, kernel/execute/runtime/comm-desk.ts, kernel/handlers/publish-output.ts, kernel/execute/runtime/comm-calls.ts
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

type State = Record<string, unknown>;

/** States that a widget was given by these messages. */
function statesOf(messages: readonly Message[], id: string): State[] {
  return messages
    .filter(({ content }) => content["comm_id"] === id)
    .map(({ content }) => (content["data"] as { state: State }).state);
}

/** The widget with this model that the messages open. */
function opened(messages: readonly Message[], model: string): string {
  const found = messages.findLast(
    ({ content }) =>
      (content["data"] as { state?: State } | undefined)?.state?.["_model_name"] === model,
  );
  return String(found?.content["comm_id"]);
}

/** Changes a widget as a page does, and gives what that caused. */
async function change(id: string, state: State): Promise<Message[]> {
  const data = { method: "update", state, buffer_paths: [] };
  const message = kernel.tell("comm_msg", { comm_id: id, data });
  await kernel.idle(message);
  return kernel.messagesOf(message);
}

test("the last value of a cell is shown live, and follows the page", async () => {
  const run = await kernel.execute(
    'import { IntSlider } from "gradlab/kernel";\nconst size = new IntSlider({ value: 3, max: 9 });\nsize',
  );
  const id = opened(run.messages, "IntSliderModel");
  expect(run.result).toEqual({
    "application/vnd.jupyter.widget-view+json": {
      version_major: 2,
      version_minor: 0,
      model_id: id,
    },
    "text/plain": "IntSlider { max: 9, value: 3 }",
  });
  await change(id, { value: 8 });
  const later = await kernel.execute("size.value");
  expect(later.result).toEqual({ "text/plain": "8" });
});

test("a cell waits for a person, and goes on with what the person chose", async () => {
  const { id, reply } = kernel.send("shell", "execute_request", {
    code: "console.log('move it');\nconst chosen = await size.next();\nconsole.log('now', chosen);",
  });
  await kernel.until(() => kernel.textOf(id) !== "", "the cell to wait");
  const ids = await kernel.request("shell", "comm_info_request", { target_name: "jupyter.widget" });
  const slider = Object.keys(ids.content["comms"] as object).find(
    (one) => opened(kernel.published, "IntSliderModel") === one,
  );
  await change(String(slider), { value: 5 });
  expect((await reply).content["status"]).toBe("ok");
  await kernel.idle(id);
  expect(kernel.textOf(id)).toBe("move it\nnow 5\n");
});

test("interact puts text, pictures and values into its output, at once and after a change", async () => {
  const run = await kernel.execute(
    'import { interact } from "gradlab/kernel";\n' +
      "interact(({ n }) => { console.log('n is', n); display.html(`<b>${n}</b>`); return { n }; }, { n: [0, 10] })",
  );
  expect(run.stdout).toBe("");
  const output = opened(run.messages, "OutputModel");
  const outputsFor = (n: number) => [
    { output_type: "stream", name: "stdout", text: `n is ${n}\n` },
    {
      output_type: "display_data",
      data: { "text/html": `<b>${n}</b>`, "text/plain": expect.any(String) as string },
      metadata: {},
    },
    { output_type: "display_data", data: { "text/plain": `{ n: ${n} }` }, metadata: {} },
  ];
  expect(statesOf(run.messages, output).at(-1)?.["outputs"]).toEqual(outputsFor(5));
  const caused = await change(opened(run.messages, "IntSliderModel"), { value: 7 });
  expect(statesOf(caused, output).at(-1)?.["outputs"]).toEqual(outputsFor(7));
  expect(caused.every(({ header }) => header.msg_type === "comm_msg")).toBe(true);
});

test("an error of the function shows the line of TypeScript in the output", async () => {
  const run = await kernel.execute(
    "interface Size { n: number }\n" +
      "interact(({ n }: Size) => {\n  if (n > 5) throw new RangeError('too large');\n  return n;\n}, { n: [0, 10] })",
  );
  const output = opened(run.messages, "OutputModel");
  const slider = opened(run.messages, "IntSliderModel");
  await change(slider, { value: 9 });
  const traceback = (): string => {
    const [error] = (statesOf(kernel.published, output).at(-1)?.["outputs"] ?? []) as State[];
    return String(error?.["traceback"]);
  };
  await kernel.until(() => traceback().includes("throw new RangeError"), "the traceback");
  expect(traceback()).toContain("cell");
  expect(traceback()).not.toContain("widgets/");
});

test("what an asynchronous function puts out later reaches the output too", async () => {
  const run = await kernel.execute(
    "interact(async ({ n }) => {\n" +
      "  await new Promise((resolve) => setTimeout(resolve, 10));\n" +
      "  console.log('later', n);\n  await null;\n  return n;\n}, { n: [0, 10] })",
  );
  const output = opened(run.messages, "OutputModel");
  const outputs = (): string =>
    JSON.stringify(statesOf(kernel.published, output).at(-1)?.["outputs"]);
  await kernel.until(
    () => outputs().includes("later 5") && outputs().includes('"5"'),
    "the output",
  );
  expect(run.stdout).toBe("");
});

test("code that runs for a widget without end is stopped, and the kernel goes on", async () => {
  const run = await kernel.execute(
    "const endless = new IntSlider();\n" +
      "endless.onChange(() => { console.log('on'); while (true) {} });",
  );
  const id = opened(run.messages, "IntSliderModel");
  const data = { method: "update", state: { value: 5 }, buffer_paths: [] };
  const message = kernel.tell("comm_msg", { comm_id: id, data });
  await kernel.until(() => kernel.textOf(message) === "on\n", "the loop");
  await kernel.interrupt();
  await kernel.idle(message);
  const [error] = kernel.messagesOf(message).filter(({ header }) => header.msg_type === "error");
  expect(error?.content["ename"]).toBe("KeyboardInterrupt");
  expect((await kernel.execute("endless.value")).result).toEqual({ "text/plain": "5" });
});

test("a function of interact without end is stopped, says so in its output, and runs again", async () => {
  const run = await kernel.execute(
    "interact(({ n }) => { while (n === 9); return n; }, { n: [0, 10] })",
  );
  const output = opened(run.messages, "OutputModel");
  const slider = opened(run.messages, "IntSliderModel");
  const outputs = (): string =>
    JSON.stringify(statesOf(kernel.published, output).at(-1)?.["outputs"]);
  const data = { method: "update", state: { value: 9 }, buffer_paths: [] };
  const message = kernel.tell("comm_msg", { comm_id: slider, data });
  await kernel.until(() => statesOf(kernel.messagesOf(message), slider).length > 0, "the echo");
  await kernel.interrupt();
  await kernel.until(() => outputs().includes("KeyboardInterrupt"), "the error");
  await kernel.idle(message);
  await change(slider, { value: 2 });
  expect(outputs()).toContain('"text/plain":"2"');
});

test("options are checked as types, wherever the notebook lies", async () => {
  const run = await kernel.execute("new IntSlider({ valeu: 3 })");
  expect(run.error?.evalue).toContain("valeu");
  expect(run.error?.ename).toContain("TS2561");
  const typed = await kernel.execute(
    "interact(({ kind }) => kind.toFixed(), { kind: ['a', 'b'] })",
  );
  expect(typed.error?.evalue).toContain("toFixed");
});

test("a page that is loaded again asks for all widgets through one channel", async () => {
  const target = { comm_id: "control", target_name: "jupyter.widget.control" };
  const opening = kernel.tell("comm_open", { ...target, data: {} });
  await kernel.idle(opening);
  expect(kernel.messagesOf(opening)).toEqual([]);
  const data = { method: "request_states" };
  const asked = kernel.tell("comm_msg", { comm_id: "control", data });
  await kernel.idle(asked);
  const [answer] = kernel.messagesOf(asked);
  const { method, states } = (answer?.content["data"] ?? {}) as { method: string; states: State };
  expect(method).toBe("update_states");
  const names = Object.values(states).map((state) => (state as { model_name: string }).model_name);
  expect(new Set(names)).toEqual(
    new Set(["LayoutModel", "SliderStyleModel", "IntSliderModel", "OutputModel", "VBoxModel"]),
  );
});
