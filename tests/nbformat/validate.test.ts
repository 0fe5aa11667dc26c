// Validation against the official schema, with messages that name cell, field and value.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { validateNotebook } from "../../nbformat/validate.ts";

const golden = readFileSync(new URL("../golden/nbformat/executed.json", import.meta.url), "utf8");

function broken(
  change: (notebook: { cells: Record<string, unknown>[]; [key: string]: unknown }) => void,
): string[] {
  const notebook = JSON.parse(golden) as Parameters<typeof change>[0];
  change(notebook);
  return validateNotebook(notebook).map(({ where, problem }) => `${where}: ${problem}`);
}

test("a notebook written by Python's nbformat is valid", () => {
  expect(broken(() => {})).toEqual([]);
});

test("problems name the cell, the field and what stands there", () => {
  expect(broken((nb) => (nb.cells[1]!["execution_count"] = "1"))).toEqual([
    'cell 2 (code, id "c1"): execution_count must be integer,null, got "1"',
  ]);
  expect(broken((nb) => (nb.cells[0]!["id"] = "no spaces"))).toEqual([
    'cell 1 (markdown, id "no spaces"): id must be 1 to 64 letters, digits, "-" or "_", got "no spaces"',
  ]);
  expect(broken((nb) => (nb.cells[3]!["cell_type"] = "poem"))).toEqual([
    'cell 4 (poem, id "r1"): cell_type must be "code", "markdown" or "raw", got "poem"',
  ]);
  expect(broken((nb) => (nb.cells[2]!["colour"] = "red"))).toEqual([
    'cell 3 (code, id "c2"): colour is no field of the format',
  ]);
  expect(broken((nb) => (nb["metadata"] = { kernelspec: { name: "gradlab" } }))).toEqual([
    "notebook: metadata.kernelspec.display_name is missing",
  ]);
});

test("problems inside outputs name the output", () => {
  const outputs = (nb: { cells: Record<string, unknown>[] }): Record<string, unknown>[] =>
    nb.cells[1]!["outputs"] as Record<string, unknown>[];
  expect(broken((nb) => (outputs(nb)[0]!["text"] = 3))).toEqual([
    'cell 2 (code, id "c1"): outputs[0].text must be a text or a list of texts, got 3',
  ]);
  expect(broken((nb) => (outputs(nb)[0]!["output_type"] = "sound"))[0]).toContain(
    "outputs[0].output_type must be one of",
  );
  expect(broken((nb) => delete outputs(nb)[2]!["metadata"])).toEqual([
    'cell 2 (code, id "c1"): outputs[2].metadata is missing',
  ]);
});

test("two cells with one id are found, though the schema cannot see them", () => {
  expect(broken((nb) => (nb.cells[1]!["id"] = "m1"))).toEqual([
    'cell 2 (code, id "m1"): id is the same as that of cell 1',
  ]);
});

test("things that are no notebook at all are refused", () => {
  for (const value of [null, 3, [], {}, { cells: [null] }])
    expect(validateNotebook(value)).not.toEqual([]);
});
