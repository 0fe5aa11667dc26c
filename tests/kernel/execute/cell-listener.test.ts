// What a cell puts out reaches its listener as text, whole characters at a time, and no more of it than is allowed.
import { afterEach, expect, test, vi } from "vitest";
import { CellListener, type CellOutput } from "../../../kernel/execute/cell-listener.ts";

afterEach(() => vi.unstubAllEnvs());

function listen(): { listener: CellListener; heard: CellOutput[] } {
  const heard: CellOutput[] = [];
  return { listener: new CellListener((output) => heard.push(output)), heard };
}

test("a character whose bytes come in two pieces is heard once, when it is whole", () => {
  const { listener, heard } = listen();
  const bytes = new TextEncoder().encode("aé");
  listener.hearBytes("stdout", bytes.subarray(0, 2));
  listener.hearBytes("stderr", new TextEncoder().encode("!"));
  listener.hearBytes("stdout", bytes.subarray(2));
  expect(heard).toEqual([
    { type: "text", name: "stdout", text: "a" },
    { type: "text", name: "stderr", text: "!" },
    { type: "text", name: "stdout", text: "é" },
  ]);
});

test("text of the process itself ends at the limit, and the user is told once", () => {
  vi.stubEnv("GRADLAB_OUTPUT_LIMIT", String(4 / 2 ** 20));
  const { listener, heard } = listen();
  listener.hearRawText("stdout", "abcdef");
  listener.hearRawText("stdout", "ghi");
  expect(heard).toEqual([
    { type: "text", name: "stdout", text: "abcd" },
    { type: "text", name: "stderr", text: expect.stringMatching(/GRADLAB_OUTPUT_LIMIT/) },
  ]);
});
