// A notebook's types, asked of the real language server.
// Covers: kernel/language/ambient-types.ts, kernel/language/cell-syntax.ts, kernel/language/errors.ts
// Covers: kernel/language/server-program.ts
// Covers: kernel/language/server-documents.ts
// Covers: kernel/language/cell-diagnostics.ts, kernel/language/quick-fixes.ts, kernel/language/cell-file.ts
// Covers: kernel/language/syntax-diagnostics.ts, kernel/language/user-config.ts, kernel/language/jsx-pragmas.ts, kernel/language/import-fixes.ts
// Covers: kernel/handlers/typed-cell.ts
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LanguageService } from "../../../kernel/language/language-service.ts";

const INSTALLATION = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gradlab-language-"));
const language = new LanguageService({ folder, moduleFolders: [INSTALLATION] });
let cells = 0;

beforeAll(async () => {
  await language.whenReady(20_000);
});

afterAll(() => {
  language.close();
  rmSync(folder, { recursive: true });
});

/** Remembers a cell as one that has run. */
function run(code: string): void {
  language.remember(language.draft(code), ++cells);
}

/** Splits `code` at the mark. */
function cut(code: string): [string, number] {
  return [code.replace("|", ""), code.indexOf("|")];
}

async function labelsAt(code: string): Promise<string[]> {
  const answer = await language.complete(...cut(code));
  const { items } = (answer ?? { items: [] }) as { items: { label: string }[] };
  return items.map(({ label }) => label);
}

async function hoverAt(code: string): Promise<string> {
  const answer = (await language.hover(...cut(code))) as { contents: { value: string } };
  return answer.contents.value;
}

test("members of a value of an earlier cell are completed, in any line", async () => {
  run(
    "interface Point { across: number; down: number }\nconst corner: Point = { across: 1, down: 2 };",
  );
  expect(await labelsAt("const pad = 1;\n\ncorner.|")).toEqual(["across", "down"]);
});

test("offsets count UTF-16 units", async () => {
  expect(await labelsAt('const smile = "😀😀"; smile.toUpp|')).toContain("toUpperCase");
});

test("a place in an earlier cell is told with that cell", async () => {
  run("const marker = 1;");
  const [found] = (await language.definition(...cut("mar|ker"))) as {
    targetUri: string;
    targetSelectionRange: object;
  }[];
  expect(language.cellOf(found!.targetUri)).toEqual({ number: cells, code: "const marker = 1;" });
  expect(found!.targetSelectionRange).toEqual({
    start: { line: 0, character: 6 },
    end: { line: 0, character: 12 },
  });
});

test("globals of the kernel, Node and packages of the kernel's own installation have types", async () => {
  expect(await hoverAt("display.ht|ml")).toContain("Shows HTML.");
  expect(await hoverAt("process.vers|ion")).toContain("string");
  expect(
    await hoverAt('import { DisplayHandle } from "gradlab/kernel"; let d: Displ|ayHandle;'),
  ).toContain("interface DisplayHandle");
});

test("what was forgotten is unknown", async () => {
  run("const known = { inside: 1 };");
  expect(await labelsAt("known.|")).toEqual(["inside"]);
  language.forget();
  expect(await labelsAt("known.|")).toEqual([]);
});
