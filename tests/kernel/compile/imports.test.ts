// Imports of cells: every form reaches the runtime's import, and binds what it names.
import { afterAll, expect, test } from "vitest";
import { CellSession } from "../../support/cell-session.ts";

const session = new CellSession();
afterAll(() => session.close());

test.each([
  ["a namespace", 'import * as p from "node:path"; p.sep', "/"],
  ["a default", 'import p from "node:path"; p.sep', "/"],
  ["names", 'import { sep, join as glue } from "node:path"; glue("a", sep, "b")', "a/b"],
  ["a default beside names", 'import p, { sep as s } from "node:path"; p.sep === s', true],
  ["a default beside a namespace", 'import p, * as n from "node:path"; p.sep === n.sep', true],
  ["a string name", 'import { "sep" as s2 } from "node:path"; s2', "/"],
  ["require", 'import p = require("node:path"); p.sep', "/"],
  [
    "an import that follows its use",
    'const late = sep3; import { sep as sep3 } from "node:path"; late',
    "/",
  ],
  ["a dynamic import", '(await import("node:path")).sep', "/"],
  [
    "a dynamic import in a function",
    'const load = async () => (await import("node:path")).sep; await load()',
    "/",
  ],
  ["import.meta", "import.meta.url", "file:///notebook.ipynb"],
  ["a type beside a value", 'import { type ParsedPath, sep as s4 } from "node:path"; s4', "/"],
])("binds %s", async (_title, cell, expected) => {
  globalThis.require = (await import("node:module")).createRequire(import.meta.url);
  expect(await session.value(cell)).toBe(expected);
});

test("an imported name is usable in the next cell", async () => {
  await session.run('import { sep as sepNext } from "node:path";');
  expect(await session.value("sepNext")).toBe("/");
});

test("type imports reach no loader", async () => {
  const run = await session.run(
    'import type { A } from "no-such"; export type { B } from "none"; 1',
  );
  expect(run.imported).toEqual([]);
});

test("import attributes are passed on in the form of import()", async () => {
  const cell =
    'import "node:path" with { type: "json" }; await import("node:path", { with: { a: "b" } });';
  const run = await session.run(cell);
  expect(run.imported).toEqual([
    ["node:path", { with: { type: "json" } }],
    ["node:path", { with: { a: "b" } }],
  ]);
});

test("re-exports load their module and export lists are accepted", async () => {
  const cell =
    'const ex = 1; export * from "node:path"; export { sep } from "node:url"; export { ex };';
  const run = await session.run(cell);
  expect(run.imported.map(([specifier]) => specifier)).toEqual(["node:path", "node:url"]);
});
