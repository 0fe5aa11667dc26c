// The cells of the section on widgets in docs/kernel.md run, and do what the page says.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestKernel } from "../support/test-kernel.ts";

const page = readFileSync(new URL("../../docs/kernel.md", import.meta.url), "utf8");
const section = /^## Widgets\n([\s\S]*?)^## /m.exec(page)?.[1] ?? "";
const cells = [...section.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, cell = ""]) => cell);

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start();
});
afterAll(async () => {
  await kernel.stop();
});

interface Data {
  readonly state?: Record<string, unknown>;
}

/** Runs the cell of the section that holds `text`. @returns the states that it gave to widgets */
async function run(text: string): Promise<Record<string, unknown>[]> {
  const cell = cells.find((one) => one.includes(text)) ?? "";
  const { reply, messages } = await kernel.execute(cell);
  expect(reply["status"]).toBe("ok");
  return messages.map(({ content }) => ({
    id: content["comm_id"],
    ...(content["data"] as Data | undefined)?.state,
  }));
}

test("interact shows what the function returns for the middle of the range", async () => {
  const states = await run("interact(");
  const outputs = states.findLast((state) => "outputs" in state)?.["outputs"];
  expect(outputs).toMatchObject([{ data: { "text/plain": "'sgd with 0.5'" } }]);
});

test("controls follow the page, and each other", async () => {
  const states = await run("new VBox");
  const epochs = states.find((state) => state["description"] === "epochs");
  const data = { method: "update", state: { value: 9 }, buffer_paths: [] };
  const message = kernel.tell("comm_msg", { comm_id: epochs?.["id"], data });
  await kernel.idle(message);
  const sent = kernel.messagesOf(message).map(({ content }) => (content["data"] as Data).state);
  expect(sent).toContainEqual({ value: "9 minutes" });
});

test("comms carry data and bytes", async () => {
  await run("comms.register");
  await kernel.idle(kernel.tell("comm_open", { comm_id: "c", target_name: "echo", data: {} }));
  const message = kernel.tell("comm_msg", { comm_id: "c", data: { n: 1 } }, [new Uint8Array(2)]);
  await kernel.idle(message);
  const [answer] = kernel.messagesOf(message);
  expect(answer?.content["data"]).toEqual({ got: { n: 1 } });
  expect(answer?.buffers[0]?.length).toBe(2);
});

test("every cell of the section is among those that were run, and every class that it lists is there", async () => {
  expect(cells).toHaveLength(3);
  const kernelModule = await import("../../kernel/notebook.ts");
  const listed = [...section.matchAll(/`((?:[A-Z]\w+ ?)+)`/g)].flatMap(([, names = ""]) =>
    names.split(" "),
  );
  expect(listed.length).toBeGreaterThan(30);
  expect(listed.filter((name) => !(name in kernelModule))).toEqual([]);
});
