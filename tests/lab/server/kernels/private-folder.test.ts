// The folder of connection files: private, and explained when it cannot be made.
import { statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { makePrivateFolder } from "../../../../lab/server/kernels/private-folder.ts";

afterEach(() => vi.unstubAllEnvs());

test("only its owner may enter it", async () => {
  const folder = await makePrivateFolder();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  await rm(folder, { recursive: true });
});

test("a temporary folder that is not there is named, with the fix", async () => {
  vi.stubEnv("TMPDIR", join(tmpdir(), "gradlab-no-such-folder"));
  await expect(makePrivateFolder()).rejects.toMatchObject({
    code: "LAB_NO_TEMPORARY_FOLDER",
    message: expect.stringMatching(/gradlab-no-such-folder is none \(ENOENT\).*set TMPDIR/),
  });
});
