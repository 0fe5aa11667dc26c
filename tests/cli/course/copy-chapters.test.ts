// A learner's folder: made, brought up to date, restored, and never a changed file lost.
// Covers: cli/course/manifest.ts
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { copyChapters, restoreChapter } from "../../../cli/course/copy-chapters.ts";
import { findCourse, manifestPath } from "../../../cli/course/manifest.ts";

let course = "";
beforeEach(() => {
  course = join(mkdtempSync(join(tmpdir(), "gradlab-")), "course");
});
afterEach(() => rmSync(join(course, ".."), { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const release = (texts: Record<string, string>): Map<string, Uint8Array> =>
  new Map(Object.entries(texts).map(([name, text]) => [name, bytes(text)]));
const text = (name: string): string => readFileSync(join(course, name), "utf8");
const FIRST = release({ "part-1/a.ipynb": "a1", "part-1/b.ipynb": "b1" });

test("a new course holds the chapters in their folders", async () => {
  const report = await copyChapters(FIRST, course);
  expect(report).toEqual({ copied: ["part-1/a.ipynb", "part-1/b.ipynb"], updated: [], kept: [] });
  expect([text("part-1/a.ipynb"), text("part-1/b.ipynb")]).toEqual(["a1", "b1"]);
});

test("a second run brings newer and missing chapters, and leaves changed ones alone", async () => {
  await copyChapters(FIRST, course);
  writeFileSync(join(course, "part-1/a.ipynb"), "my work");
  const second = release({
    "part-1/a.ipynb": "a2",
    "part-1/b.ipynb": "b2",
    "part-2/c.ipynb": "c2",
  });
  const report = await copyChapters(second, course);
  expect(report).toEqual({
    copied: ["part-2/c.ipynb"],
    updated: ["part-1/b.ipynb"],
    kept: ["part-1/a.ipynb"],
  });
  expect([text("part-1/a.ipynb"), text("part-1/b.ipynb")]).toEqual(["my work", "b2"]);
  expect((await copyChapters(second, course)).updated).toEqual([]);
});

test("without its manifest a course is refused, and nothing in it changes", async () => {
  await copyChapters(FIRST, course);
  writeFileSync(join(course, "part-1/a.ipynb"), "my work");
  rmSync(manifestPath(course));
  await expect(copyChapters(release({ "part-1/a.ipynb": "a2" }), course)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("holds other files"),
  });
  expect(text("part-1/a.ipynb")).toBe("my work");
});

test("a damaged manifest and a file in the way are explained", async () => {
  await copyChapters(FIRST, course);
  writeFileSync(manifestPath(course), "{");
  await expect(copyChapters(FIRST, course)).rejects.toThrow("it is damaged. Delete it");
  await expect(copyChapters(FIRST, join(course, "part-1/a.ipynb"))).rejects.toMatchObject({
    exitCode: 3,
  });
});

test("restoring keeps the learner's file beside the fresh one, each time under a name of its own", async () => {
  await copyChapters(FIRST, course);
  const file = { name: "part-1/a.ipynb", content: bytes("a1"), course };
  const now = new Date(2026, 10, 24, 9, 5, 7);
  expect(await restoreChapter(file, now)).toBeUndefined();
  for (const mine of ["first", "second"]) {
    writeFileSync(join(course, "part-1/a.ipynb"), mine);
    await restoreChapter(file, now);
    expect(text("part-1/a.ipynb")).toBe("a1");
  }
  expect(readdirSync(join(course, "part-1")).sort()).toEqual([
    "a (mine, 2026-11-24 090507 2).ipynb",
    "a (mine, 2026-11-24 090507).ipynb",
    "a.ipynb",
    "b.ipynb",
  ]);
  expect(text("part-1/a (mine, 2026-11-24 090507).ipynb")).toBe("first");
  expect((await copyChapters(FIRST, course)).kept).toEqual([]);
});

test("restoring brings a deleted chapter back", async () => {
  await copyChapters(FIRST, course);
  rmSync(join(course, "part-1"), { recursive: true });
  expect(
    await restoreChapter({ name: "part-1/a.ipynb", content: bytes("a1"), course }, new Date()),
  ).toBeUndefined();
  expect(text("part-1/a.ipynb")).toBe("a1");
});

test("the course is found from inside it, from the folder above, and by name", async () => {
  await copyChapters(FIRST, course);
  mkdirSync(join(course, "part-1/deep"));
  expect(findCourse(undefined, join(course, "part-1/deep"))).toBe(course);
  expect(findCourse(undefined, join(course, ".."))).toBe(course);
  expect(findCourse("course", join(course, ".."))).toBe(course);
  expect(() => findCourse("other", course)).toThrow(expect.objectContaining({ exitCode: 2 }));
});
