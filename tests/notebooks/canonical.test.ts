// Notebooks are committed in one form only: valid, without outputs, as the project's formatter writes them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { formatNotebook } from "../../nbformat/format.ts";
import { parseNotebook } from "../../nbformat/parse.ts";
import { validateNotebook } from "../../nbformat/validate.ts";
import { notebookFiles, PROJECT } from "./project.ts";

const FILES = notebookFiles();
const KERNELSPEC = {
  name: "gradlab",
  display_name: "TypeScript (gradlab)",
  language: "typescript",
};

describe("the canonical form", () => {
  test("there are notebooks to check", () => {
    expect(FILES).toContain("notebooks/part-1/p1-01-single-layer.ipynb");
  });

  test.each(FILES)("%s is valid nbformat 4.5 for our kernel", (path) => {
    const text = readFileSync(join(PROJECT, path), "utf8");
    expect(validateNotebook(JSON.parse(text))).toEqual([]);
    const notebook = parseNotebook(text, path);
    expect([notebook.nbformat, notebook.nbformat_minor]).toEqual([4, 5]);
    expect(notebook.metadata.kernelspec).toEqual(KERNELSPEC);
  });

  test.each(FILES)(
    "%s is written as the formatter writes it, without outputs (vitest -u writes it so)",
    async (path) => {
      const file = join(PROJECT, path);
      const canonical = formatNotebook(parseNotebook(readFileSync(file, "utf8"), path));
      await expect(canonical).toMatchFileSnapshot(file);
    },
  );

  test("a notebook with an output, another key order or no last newline is not canonical", () => {
    const text = formatNotebook(parseNotebook(readFileSync(join(PROJECT, FILES[0]!), "utf8")));
    const withRun = text.replace('"execution_count": null', '"execution_count": 3');
    for (const wrong of [withRun, JSON.stringify(JSON.parse(text)), text.trimEnd()]) {
      expect(wrong).not.toBe(text);
      expect(formatNotebook(parseNotebook(wrong))).toBe(text);
    }
  });
});
