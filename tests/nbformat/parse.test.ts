// Reading notebooks: upgrades, and a message with place and fix for each kind of broken file.
// Covers: nbformat/errors.ts, nbformat/cell-ids.ts, nbformat/multiline.ts
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NotebookError } from "../../nbformat/errors.ts";
import { parseNotebook, readNotebook } from "../../nbformat/parse.ts";
import type { CodeCell } from "../../nbformat/types.ts";

const code = {
  cell_type: "code",
  metadata: {},
  source: ["1 +\n", "1"],
  outputs: [],
  execution_count: null,
};

function notebookText(changes: object = {}): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [{ id: "a", ...code }],
    ...changes,
  });
}

function failure(text: string): NotebookError {
  try {
    parseNotebook(text, "chapter.ipynb");
  } catch (error) {
    if (error instanceof NotebookError) return error;
    throw error;
  }
  throw new TypeError("expected parseNotebook to throw");
}

test("lists of lines become one text", () => {
  expect(parseNotebook(notebookText()).cells[0]?.source).toBe("1 +\n1");
});

test.each([0, 1, 2, 3, 4])(
  "format 4.%i is upgraded to 4.5 with the same new ids each time",
  (minor) => {
    const text = notebookText({ nbformat_minor: minor, cells: [code, code] });
    const [first, second] = [parseNotebook(text), parseNotebook(text)];
    expect(first.nbformat_minor).toBe(5);
    expect(first).toEqual(second);
    expect(first.cells[0]?.id).toMatch(/^[0-9a-f]{8}$/);
    expect(first.cells[0]?.id).not.toBe(first.cells[1]?.id);
  },
);

test("a copied cell gets an id of its own, the first one keeps it", () => {
  const text = notebookText({
    cells: [
      { id: "same", ...code },
      { id: "same", ...code },
      { id: "bad id", ...code },
    ],
  });
  const ids = parseNotebook(text).cells.map((cell) => cell.id);
  expect(ids[0]).toBe("same");
  expect(new Set(ids).size).toBe(3);
});

test("a byte order mark is not in the way", () => {
  expect(parseNotebook(`\uFEFF${notebookText()}`).cells).toHaveLength(1);
});

test("a text that is not JSON is refused with line, column and fix", () => {
  const error = failure('{\n "cells": [\n  oops\n ]\n}');
  expect(error).toMatchObject({ code: "NOTEBOOK_NOT_JSON", position: { line: 3, column: 3 } });
  expect(error.message).toContain(
    'chapter.ipynb, line 3, column 3: a notebook is JSON, expected a value or "]" here, got "oops"',
  );
  expect(error.message).toContain("Repair that line");
});

test("a file that was cut off is recognised at every length", () => {
  const text = notebookText();
  for (let length = 1; length < text.length; length += 1) {
    expect(failure(text.slice(0, length)).message).toMatch(/the file ends here|got /);
  }
  expect(failure(text.slice(0, -3)).message).toContain("was cut off while saving or copying");
});

test("an empty file, a merge conflict and other JSON have messages of their own", () => {
  expect(failure("  \n").message).toContain("the file is empty");
  expect(failure('{\n<<<<<<< HEAD\n"a": 1\n').message).toContain("line 2 is a merge conflict mark");
  expect(failure("[1, 2]").message).toContain("this JSON is something else");
});

test("notebooks of version 3 and 5 are refused with the way to convert them", () => {
  expect(failure(notebookText({ nbformat: 3 }))).toMatchObject({ code: "NOTEBOOK_VERSION" });
  expect(failure(notebookText({ nbformat: 3 })).message).toContain(
    "jupyter nbconvert --to notebook",
  );
  expect(failure(notebookText({ nbformat: 5, nbformat_minor: 0 })).message).toContain(
    "update gradlab",
  );
});

test("missing and wrong fields are named with their cell", () => {
  const { outputs: _, ...withoutOutputs } = code;
  const error = failure(notebookText({ cells: [{ id: "x1", ...withoutOutputs, source: 3 }] }));
  expect(error.code).toBe("NOTEBOOK_INVALID");
  expect(error.problems).toEqual([
    { where: 'cell 1 (code, id "x1")', problem: "outputs is missing" },
    { where: 'cell 1 (code, id "x1")', problem: "source must be a text or a list of texts, got 3" },
  ]);
  expect(failure('{"nbformat": 4, "nbformat_minor": 5}').message).toContain(
    "notebook: cells is missing",
  );
});

test("nesting without end is refused instead of overflowing the stack", () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const text = notebookText({ metadata: { deep: 0 } }).replace('"deep":0', `"deep":${deep}`);
  expect(failure(text).message).toContain("nested more than 500 levels");
});

test("files are read from disk, and a missing one, a folder and other bytes are explained", async () => {
  const folder = await mkdtemp(join(tmpdir(), "gradlab-"));
  try {
    const path = join(folder, "a.ipynb");
    await writeFile(path, notebookText());
    expect((await readNotebook(path)).cells.map((cell) => (cell as CodeCell).source)).toEqual([
      "1 +\n1",
    ]);
    await writeFile(path, Buffer.from([0xff, 0xfe, 0x7b, 0x00]));
    await expect(readNotebook(path)).rejects.toThrow("Save it as UTF-8");
    await expect(readNotebook(join(folder, "no.ipynb"))).rejects.toThrow("there is no such file");
    await expect(readNotebook(folder)).rejects.toThrow("this is a folder");
  } finally {
    await rm(folder, { recursive: true });
  }
});
