// The hash of the inputs changes with any source of the page, and with nothing else.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { hashInputs } from "../../../../lab/ui/build/inputs.ts";

const PROJECT = fileURLToPath(new URL("../../../..", import.meta.url));
const copy = mkdtempSync(join(tmpdir(), "gradlab-inputs-"));
afterAll(() => rmSync(copy, { recursive: true }));

test("a changed source gives another hash, another file does not", () => {
  mkdirSync(join(copy, "lab/ui"), { recursive: true });
  for (const path of ["lab/ui/package.json", "lab/ui/build", "lab/ui/page", "package-lock.json"]) {
    cpSync(join(PROJECT, path), join(copy, path), { recursive: true });
  }
  const before = hashInputs(copy);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  writeFileSync(join(copy, "README.md"), "new");
  expect(hashInputs(copy)).toBe(before);
  writeFileSync(join(copy, "lab/ui/page/new.ts"), "");
  expect(hashInputs(copy)).not.toBe(before);
});
