// The doctor starts a kernel for real, and does not wait for ever.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { checkKernel } from "../../../cli/doctor/kernel.ts";

afterEach(() => vi.unstubAllEnvs());

test("a kernel starts and computes", async () => {
  expect(await checkKernel()).toMatchObject({
    state: "ok",
    detail: expect.stringMatching(/^starts and computes 1 \+ 1, in \d+\.\d s$/),
  });
});

test("a kernel that does not answer in time is missing", async () => {
  expect(await checkKernel(1)).toMatchObject({
    state: "missing",
    detail: "no answer within 0.001 s",
    fix: expect.stringContaining("npm ci"),
  });
});

test("a machine without a temporary folder gets the fix for that", async () => {
  vi.stubEnv("TMPDIR", join(tmpdir(), "gradlab-no-such-folder"));
  expect(await checkKernel()).toMatchObject({
    state: "missing",
    fix: expect.stringContaining("set TMPDIR"),
  });
});
