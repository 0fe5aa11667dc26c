// Writing notebooks: the same bytes as Python's nbformat, and a canonical form without runs.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatNotebook, serializeNotebook } from "../../nbformat/format.ts";
import { parseNotebook } from "../../nbformat/parse.ts";
import type { CodeCell } from "../../nbformat/types.ts";

const golden = readFileSync(new URL("../golden/nbformat/executed.json", import.meta.url), "utf8");

test("an executed notebook is written byte for byte as Python's nbformat writes it", () => {
  expect(serializeNotebook(parseNotebook(golden))).toBe(golden);
});

test("the canonical form holds no outputs, run counts or run times", () => {
  const notebook = parseNotebook(golden);
  notebook.cells[1]!.metadata["execution"] = { "iopub.status.busy": "2026-01-01T00:00:00Z" };
  const text = formatNotebook(notebook);
  const cell = parseNotebook(text).cells[1] as CodeCell;
  expect(cell).toMatchObject({ outputs: [], execution_count: null, source: "const x = 1\nx" });
  expect(cell.metadata).toEqual({ tags: ["raises-exception"] });
  expect(text.endsWith("}\n")).toBe(true);
});

test("formatting leaves the notebook in memory as it was and is stable", () => {
  const notebook = parseNotebook(golden);
  const once = formatNotebook(notebook);
  expect((notebook.cells[1] as CodeCell).outputs).toHaveLength(5);
  expect(formatNotebook(parseNotebook(once))).toBe(once);
});
