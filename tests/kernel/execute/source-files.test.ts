// Source files for tracebacks: what can be read, and what is left alone.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSourceFile } from "../../../kernel/execute/source-files.ts";

test("a file gives its text; folders, missing and very long files give nothing", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradlab-source-"));
  writeFileSync(join(folder, "a.ts"), "const a = 1;");
  writeFileSync(join(folder, "long.js"), " ".repeat(2_000_001));
  const found = ["a.ts", "long.js", "none.ts", "."].map((name) =>
    readSourceFile(join(folder, name)),
  );
  expect(found).toEqual(["const a = 1;", undefined, undefined, undefined]);
  rmSync(folder, { recursive: true });
});
