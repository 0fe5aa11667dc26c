// Output folders are made and tried first, and files are written whole or not at all.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prepareFolder, writeWhole } from "../../cli/write-files.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradlab-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a missing folder is made, and trying it leaves nothing behind", async () => {
  await prepareFolder(join(folder, "a", "b"));
  expect(readdirSync(join(folder, "a", "b"))).toEqual([]);
});

test("a file in the way is explained with exit code 3", async () => {
  writeFileSync(join(folder, "file"), "");
  const expected = {
    exitCode: 3,
    message: expect.stringContaining("a file stands in the way. Choose another folder"),
  };
  await expect(prepareFolder(join(folder, "file"))).rejects.toMatchObject(expected);
  await expect(prepareFolder(join(folder, "file", "inner"))).rejects.toMatchObject(expected);
});

test("a file is replaced whole, and folders on the way to it are made", async () => {
  const path = join(folder, "deep", "a.ipynb");
  await writeWhole(path, "one");
  await writeWhole(path, "two");
  expect(readFileSync(path, "utf8")).toBe("two");
  expect(readdirSync(join(folder, "deep"))).toEqual(["a.ipynb"]);
});

test("a write that fails leaves the old file and no half file", async () => {
  const path = join(folder, "a.ipynb");
  await writeWhole(path, "old");
  await expect(writeWhole(join(path, "b.ipynb"), "new")).rejects.toMatchObject({ exitCode: 3 });
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["a.ipynb"]);
});

test.skipIf(!existsSync("/proc/self"))(
  "a place where the system makes no folders is refused at once (needs Linux)",
  async () => {
    await expect(prepareFolder("/proc/self/new/folder")).rejects.toMatchObject({ exitCode: 3 });
  },
);
