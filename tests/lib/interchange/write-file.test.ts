// A file that is written whole or not at all: what fails, who may read it, and two writers at once.
// Covers: lib/interchange/file-error.ts
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DataError } from "../../../lib/errors.ts";
import { writeWhole } from "../../../lib/interchange/write-file.ts";
import { folderOf } from "../../support/idx-files.ts";

const BYTES = Buffer.from("new");

const failure = (path: string): Promise<unknown> =>
  writeWhole("save", path, BYTES).then(
    () => expect.fail("it was written"),
    (reason: unknown) => reason,
  );

test.each([
  [
    "in a file instead of a folder",
    "file/a.txt",
    /ENOTDIR.*what stands there as a folder is a file/,
  ],
  ["with a name that is too long", "x".repeat(300), /ENAMETOOLONG.*Choose a shorter name/],
  ["with a null byte in its name", "a\0b", /null bytes.*Check the path/],
  ["named like a folder", "folder", /EISDIR.*Name a file in that folder/],
])("a file %s is an error that says so, and nothing is left", async (_, name, message) => {
  const folder = folderOf({ file: Buffer.from("old") });
  mkdirSync(join(folder, "folder"));
  const error = await failure(join(folder, name));
  expect(error).toBeInstanceOf(DataError);
  expect((error as Error).message).toMatch(message);
  expect(readdirSync(folder).sort()).toEqual(["file", "folder"]);
});

test("a name may be as long as the system allows", async () => {
  const folder = folderOf({});
  await writeWhole("save", join(folder, "x".repeat(255)), BYTES);
  await writeWhole("save", join(folder, "ä".repeat(127)), BYTES);
  expect(readdirSync(folder)).toHaveLength(2);
});

test("a file that others must not read stays so", async () => {
  const path = join(folderOf({}), "secret");
  writeFileSync(path, "old");
  chmodSync(path, 0o600);
  await writeWhole("save", path, BYTES);
  expect(readFileSync(path, "utf8")).toBe("new");
  expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
});

test("of two writers at once one wins, and the file is whole", async () => {
  const folder = folderOf({});
  const path = join(folder, "a");
  const versions = ["a", "b", "c"].map((letter) => letter.repeat(100_000));
  await Promise.all(versions.map((text) => writeWhole("save", path, Buffer.from(text))));
  expect(versions).toContain(readFileSync(path, "utf8"));
  expect(readdirSync(folder)).toEqual(["a"]);
});
