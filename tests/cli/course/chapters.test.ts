// Which chapters an installation brings, and which one a learner means.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findChapter, readChapters } from "../../../cli/course/chapters.ts";

test("part folders come with what lies beside the chapters, hidden files and folders without chapters do not", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gradlab-"));
  try {
    for (const name of [
      "part-1/a.ipynb",
      "part-1/pictures/a.png",
      "part-1/.ipynb_checkpoints/a.ipynb",
      "checks/list.json",
      "README.md",
    ]) {
      mkdirSync(join(folder, name, ".."), { recursive: true });
      writeFileSync(join(folder, name), name);
    }
    expect([...(await readChapters(folder)).keys()]).toEqual([
      "part-1/a.ipynb",
      "part-1/pictures/a.png",
    ]);
    await expect(readChapters(join(folder, "nowhere"))).rejects.toMatchObject({ exitCode: 3 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const files = new Map(
  [
    "part-1/p1-01-layer.ipynb",
    "part-1/p1-02-depth.ipynb",
    "part-1/p1-02.png",
    "part-2/p2-01-layer.ipynb",
  ].map((name) => [name, new Uint8Array()]),
);

test.each([
  ["part-1/p1-01-layer.ipynb", "part-1/p1-01-layer.ipynb"],
  ["./course/part-2/p2-01-layer.ipynb", "part-2/p2-01-layer.ipynb"],
  ["p1-02-depth", "part-1/p1-02-depth.ipynb"],
  ["p1-02", "part-1/p1-02-depth.ipynb"],
])("%s means %s", (text, name) => {
  expect(findChapter(text, files)).toBe(name);
});

test("what means none or several chapters is wrong use, and the message lists them", () => {
  expect(() => findChapter("p1", files)).toThrow(
    "it means part-1/p1-01-layer.ipynb or part-1/p1-02-depth.ipynb",
  );
  expect(() => findChapter("p9", files)).toThrow(
    "there is no such chapter. Chapters: part-1/p1-01-layer.ipynb, ",
  );
});
