// The concordance data is complete, ordered, and exactly what the design's curriculum and documents distil to.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { OUTLINE_FILE, readOutline, readShingles, SHINGLES_FILE } from "./concordance.ts";
import { distillOutline, distillShingles } from "./distill.ts";
import { PROJECT } from "./project.ts";
import { packHashes, shinglesOf, unpackHashes } from "./shingles.ts";

const SHARED = join(PROJECT, "../shared");
/** The design material lies beside a working copy, not inside it: a plain clone has none. */
const hasShared = existsSync(join(SHARED, "design/curriculum.json"));

describe("the committed concordance", () => {
  test("knows 189 headings, 137 formulas, 31 chapters and 102 exercises", () => {
    const { documents, notebooks, exercises } = readOutline();
    expect(documents.flatMap(({ headings }) => headings)).toHaveLength(189);
    expect(documents.flatMap(({ formulas }) => formulas)).toHaveLength(137);
    expect(notebooks).toHaveLength(31);
    expect(exercises).toHaveLength(102);
    expect(exercises.reduce((sum, { points }) => sum + points, 0)).toBe(608);
  });

  test("gives every heading of every document to exactly one chapter, in document order", () => {
    const { documents, notebooks } = readOutline();
    for (const document of documents) {
      const assigned = notebooks
        .filter((notebook) => notebook.document === document.id)
        .flatMap(({ headings }) => headings);
      expect(assigned).toEqual(document.headings.map(({ id }) => id));
    }
  });

  test("gives every exercise to exactly one chapter", () => {
    const { notebooks, exercises } = readOutline();
    const placed = notebooks.flatMap((notebook) => notebook.exercises);
    expect([...placed].sort()).toEqual(exercises.map(({ id }) => id).sort());
  });

  test.skipIf(!hasShared)(
    "is what the documents distil to, see notebooks/concordance/README.md (needs ../shared)",
    async () => {
      const outline = `${JSON.stringify(distillOutline(SHARED), undefined, 1)}\n`;
      await expect(outline).toMatchFileSnapshot(join(PROJECT, OUTLINE_FILE));
      const shingles = packHashes(distillShingles(SHARED));
      await expect(shingles).toMatchFileSnapshot(join(PROJECT, SHINGLES_FILE));
    },
  );
});

describe("shingles", () => {
  test("survive packing", () => {
    const hashes = shinglesOf("one two three four five six seven eight nine ten").map(
      ({ hash }) => hash,
    );
    expect(hashes).toHaveLength(3);
    expect([...unpackHashes(packHashes(hashes))]).toEqual([...hashes].sort());
  });

  test("do not see case, punctuation, formulas and markup", () => {
    const plain = shinglesOf("the cat sat on the mat with a grin");
    const marked = shinglesOf("The **cat** sat, on $x^2$ the [mat](x.md) with <b>a</b> grin!");
    expect(marked).toEqual(plain);
  });

  test("are empty for fewer than eight words", () => {
    expect(shinglesOf("only seven words are in this line")).toEqual([]);
  });

  test("hold the prose of all five documents", () => {
    expect(readShingles().size).toBeGreaterThan(8000);
  });
});
