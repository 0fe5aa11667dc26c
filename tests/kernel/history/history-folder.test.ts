// The files of a history: numbers that are never shared, modes that let nobody else read, a bounded size.
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HistoryFolder } from "../../../kernel/history/history-folder.ts";

let parent: string;
let path: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "gradlab-history-"));
  path = join(parent, "deep", "history");
});
afterEach(() => rmSync(parent, { recursive: true }));

test("kernels that start at once get different numbers", async () => {
  const folder = new HistoryFolder(path);
  const runs = await Promise.all(
    Array.from({ length: 20 }, () => new HistoryFolder(path).create()),
  );
  expect(new Set(runs.map(({ session }) => session)).size).toBe(20);
  expect(await folder.sessions()).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  for (const { file } of runs) await file.close();
});

test.skipIf(process.platform === "win32")(
  "nobody else can read the folder and its files (needs POSIX file modes)",
  async () => {
    const { file } = await new HistoryFolder(path).create();
    await file.close();
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, "00000001.jsonl")).mode & 0o777).toBe(0o600);
  },
);

test("the oldest files go when all together are too large", async () => {
  const folder = new HistoryFolder(path, 250);
  for (let run = 0; run < 4; run++) {
    const { file } = await folder.create();
    await file.appendFile("x".repeat(100));
    await file.close();
  }
  expect(await folder.sessions()).toEqual([2, 3, 4]);
});

test("what does not belong there is left alone, and a folder that is not there is empty", async () => {
  const folder = new HistoryFolder(path);
  expect(await folder.sessions()).toEqual([]);
  expect(await folder.read(1)).toEqual([]);
  const { file } = await folder.create();
  await file.close();
  writeFileSync(join(path, "notes.txt"), "x");
  writeFileSync(join(path, `${"9".repeat(30)}.jsonl`), "x");
  expect(await folder.sessions()).toEqual([1]);
  expect(readdirSync(path)).toContain("notes.txt");
});
