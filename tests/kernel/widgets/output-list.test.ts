// Output as a notebook file keeps it.
import { expect, test } from "vitest";
import { OutputList } from "../../../kernel/widgets/output-list.ts";

const display = (text: string, displayId: string, isUpdate = false) =>
  ({ type: "display", bundle: { "text/plain": text }, metadata: {}, displayId, isUpdate }) as const;
const text = (words: string) => ({ type: "stream", name: "stdout", text: words }) as const;

test("an update takes the place of what is shown", () => {
  const list = new OutputList();
  for (const one of [display("1", "a"), text("x"), display("2", "a", true)]) list.add(one);
  expect(list.outputs()).toEqual([
    { output_type: "display_data", data: { "text/plain": "2" }, metadata: {} },
    { output_type: "stream", name: "stdout", text: "x" },
  ]);
});

test("clearing waits for the next output when it is asked to", () => {
  const list = new OutputList();
  list.add(text("old"));
  list.add({ type: "clear", wait: true });
  expect(list.length).toBe(1);
  list.add(text("new"));
  expect(list.outputs()).toEqual([{ output_type: "stream", name: "stdout", text: "new" }]);
  list.add({ type: "clear", wait: false });
  expect(list.outputs()).toEqual([]);
});

test("an error that comes again with a longer traceback is shown once", () => {
  const list = new OutputList();
  const error = { type: "error", ename: "RangeError", evalue: "no" } as const;
  list.add({ ...error, traceback: ["short"] });
  list.add({ ...error, traceback: ["long", "er"] });
  expect(list.outputs()).toEqual([
    { output_type: "error", ename: "RangeError", evalue: "no", traceback: ["long", "er"] },
  ]);
});

test("a flood is cut with a notice: every page gets the state of a widget", () => {
  const list = new OutputList();
  for (let piece = 0; piece < 10; piece++) list.add(text("x".repeat(1024 * 1024)));
  const [kept, notice] = list.outputs();
  expect(String(kept?.["text"]).length).toBe(8 * 1024 * 1024);
  expect(notice?.["text"]).toContain("has reached 8 MiB");
});
