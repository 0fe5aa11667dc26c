// Published messages become outputs as JupyterLab records them.
import { expect, test } from "vitest";
import { OutputRecorder } from "../../../cli/run/output-recorder.ts";
import { serializeNotebook } from "../../../nbformat/format.ts";
import type { CodeCell, Notebook } from "../../../nbformat/types.ts";

const newCell = (): CodeCell => ({
  id: "c",
  cell_type: "code",
  metadata: {},
  source: "",
  outputs: [],
  execution_count: null,
});
const message = (
  msg_type: string,
  content: object,
): { header: { msg_type: string }; content: object } => ({ header: { msg_type }, content });
const stream = (text: string, name = "stdout"): ReturnType<typeof message> =>
  message("stream", { name, text });
const display = (text: string, id?: string): ReturnType<typeof message> =>
  message("display_data", {
    data: { "text/plain": text },
    metadata: {},
    transient: id === undefined ? {} : { display_id: id },
  });
const update = (text: string, id: string): ReturnType<typeof message> =>
  message("update_display_data", {
    data: { "text/plain": text },
    metadata: { new: true },
    transient: { display_id: id },
  });

function record(...messages: ReturnType<typeof message>[]): CodeCell {
  const [cell, recorder] = [newCell(), new OutputRecorder()];
  for (const one of messages) recorder.record(cell, one);
  return cell;
}

test("neighbouring texts of one stream are one output, other outputs separate them", () => {
  const cell = record(
    stream("a"),
    stream("b\n"),
    stream("c", "stderr"),
    stream("d"),
    display("x"),
    stream("e"),
  );
  const short = cell.outputs.map((output) =>
    "text" in output ? `${output.name}: ${output.text}` : output.output_type,
  );
  expect(short).toEqual(["stdout: ab\n", "stderr: c", "stdout: d", "display_data", "stdout: e"]);
});

test("run counts, results and errors are kept, transient data is not", () => {
  const cell = record(
    message("execute_input", { execution_count: 7 }),
    display("shown", "id"),
    message("execute_result", { data: { "text/plain": "1" }, metadata: {}, execution_count: 7 }),
    message("error", { ename: "E", evalue: "v", traceback: ["t"] }),
    message("status", { execution_state: "idle" }),
  );
  expect(cell).toMatchObject({
    execution_count: 7,
    outputs: [
      { output_type: "display_data", data: { "text/plain": "shown" }, metadata: {} },
      { output_type: "execute_result", execution_count: 7 },
      { output_type: "error", ename: "E", evalue: "v", traceback: ["t"] },
    ],
  });
  expect(JSON.stringify(cell)).not.toContain("transient");
});

test("an update changes every output with that id, in earlier cells too", () => {
  const [first, second, recorder] = [newCell(), newCell(), new OutputRecorder()];
  recorder.record(first, display("old", "p"));
  recorder.record(first, display("other", "q"));
  recorder.record(second, display("old", "p"));
  recorder.record(second, update("new", "p"));
  recorder.record(second, update("nobody", "unknown"));
  const texts = [...first.outputs, ...second.outputs].map((output) =>
    "data" in output ? output.data["text/plain"] : "",
  );
  expect(texts).toEqual(["new", "other", "new"]);
});

test("clearing empties the cell at once, or when the next output comes", () => {
  expect(record(stream("a"), message("clear_output", { wait: false })).outputs).toEqual([]);
  const waiting = record(stream("a"), message("clear_output", { wait: true }));
  expect(waiting.outputs).toHaveLength(1);
  const replaced = record(
    stream("a"),
    message("clear_output", { wait: true }),
    stream("b"),
    stream("c"),
  );
  expect(replaced.outputs).toEqual([{ output_type: "stream", name: "stdout", text: "bc" }]);
});

test("what was cleared away is no longer updated", () => {
  const cell = record(
    display("a", "p"),
    message("clear_output", { wait: false }),
    display("b"),
    update("z", "p"),
  );
  expect(cell.outputs).toMatchObject([{ data: { "text/plain": "b" } }]);
});

test("a cell that prints without end is cut once, and says so", () => {
  const [cell, recorder] = [newCell(), new OutputRecorder(100)];
  for (let count = 0; count < 50; count += 1) recorder.record(cell, stream("0123456789"));
  recorder.record(cell, display("x".repeat(10)));
  expect(cell.outputs).toEqual([
    { output_type: "stream", name: "stdout", text: "0123456789".repeat(10) },
    {
      output_type: "stream",
      name: "stderr",
      text: expect.stringContaining("fills more than 100 characters"),
    },
  ]);
});

test("an error is still recorded after the cut", () => {
  const [cell, recorder] = [newCell(), new OutputRecorder(5)];
  recorder.record(cell, stream("0123456789"));
  recorder.record(cell, message("error", { ename: "E", evalue: "v", traceback: [] }));
  expect(cell.outputs.at(-1)).toMatchObject({ output_type: "error", ename: "E" });
});

test("what counts is the file: short lines and escapes take more of it than their characters", () => {
  const limit = 20_000;
  for (const text of ["y\n", '"', "\u001B", "x".repeat(50)]) {
    const [cell, recorder] = [newCell(), new OutputRecorder(limit)];
    for (let i = 0; i < 2000; i++) recorder.record(cell, stream(text.repeat(10)));
    const notebook = { cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 } as const;
    const written = serializeNotebook(notebook as unknown as Notebook).length;
    expect(written, text).toBeLessThan(limit * 1.1);
    expect(written, text).toBeGreaterThan(limit * 0.8);
  }
});
