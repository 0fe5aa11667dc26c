// The doctor on the course's data.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { checkData } from "../../../cli/doctor/data.ts";
import { folderOf, tinyMnist } from "../../support/idx-files.ts";

afterEach(() => vi.unstubAllEnvs());

test("the installed MNIST is found whole", async () => {
  expect(await checkData()).toMatchObject({
    state: "ok",
    detail: expect.stringContaining("the original files"),
  });
});

test("a GRADLAB_DATA without MNIST is told, with what is used instead", async () => {
  const empty = mkdtempSync(join(tmpdir(), "gradlab-data-"));
  vi.stubEnv("GRADLAB_DATA", empty);
  expect(await checkData()).toMatchObject({
    state: "warning",
    detail: expect.stringContaining(empty),
    fix: "correct GRADLAB_DATA, or unset it",
  });
  rmSync(empty, { recursive: true });
});

test("a data set of one's own is told apart from the original", async () => {
  vi.stubEnv("GRADLAB_DATA", folderOf(tinyMnist()));
  expect(await checkData()).toMatchObject({
    state: "warning",
    detail: expect.stringContaining("checksums differ"),
  });
});

test("a damaged file is missing, with the file's name", async () => {
  const folder = folderOf(tinyMnist());
  writeFileSync(join(folder, "t10k-labels-idx1-ubyte"), "<html>");
  vi.stubEnv("GRADLAB_DATA", folder);
  expect(await checkData()).toMatchObject({
    state: "missing",
    detail: expect.stringContaining("t10k-labels-idx1-ubyte"),
  });
});
