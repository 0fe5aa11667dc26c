// Cells become modules that import from each other exactly what they mention.
import { expect, test } from "vitest";
import { NotebookModel } from "../../../kernel/language/notebook-model.ts";

/** A notebook in which these cells have run, numbered from 1. */
function notebook(...cells: string[]): NotebookModel {
  const model = new NotebookModel();
  for (const [index, code] of cells.entries()) model.keep(model.draft(code), index + 1);
  return model;
}

/** The line before the cell's own first line. */
function preludeOf(model: NotebookModel, code: string): string {
  return model.draft(code).text.split("\n")[0]!;
}

test("a cell imports only the earlier names that it mentions", () => {
  const model = notebook("const a = 1; const b = 2;", "function f() {}");
  expect(preludeOf(model, "b + 1")).toBe('import { b } from "./__cell_1.ts";');
});

test("a variable can be assigned, so it is declared and not imported", () => {
  const model = notebook("let count = 0");
  expect(preludeOf(model, "count += 1")).toBe(
    'declare let count: typeof import("./__cell_1.ts").count;',
  );
});

test("the newest declaration of a name is the one that counts", () => {
  const model = notebook("const x = 1", "const x = 'text'");
  expect(preludeOf(model, "x")).toBe('import { x } from "./__cell_2.ts";');
});

test("a name that the cell declares itself is not imported", () => {
  const model = notebook("const x = 1", "class K {}");
  expect(preludeOf(model, "const x = 2; const K = x")).toBe("");
});

test("a value does not hide the type of its name, also when it is declared again", () => {
  const cells = ["interface Color { r: number }", "const Color = { red: 1 }", "const Color = 3"];
  expect(preludeOf(notebook(...cells), "Color")).toBe(
    'declare const Color: typeof import("./__cell_3.ts").Color; import { type Color } from "./__cell_1.ts";',
  );
});

test("a type does not hide the value of its name", () => {
  const cells = ["const Color = { red: 1 }", "type Color = keyof typeof Color"];
  expect(preludeOf(notebook(...cells), "Color")).toBe('import { Color } from "./__cell_2.ts";');
  expect(preludeOf(notebook(...cells), "type Color = 1")).toBe(
    'import { Color } from "./__cell_1.ts";',
  );
});

test("a class hides the type and the value of its name, and is hidden as a whole", () => {
  const model = notebook("interface K { a: 1 }", "class K {}", "const K = 1");
  expect(preludeOf(model, "K")).toBe('import { K } from "./__cell_3.ts";');
});

test("the cell's own lines stand below one line, whatever it is", () => {
  const model = notebook("const a = 1");
  const { text, lineShift } = model.draft("a;\n\ta");
  expect(text.split("\n").slice(lineShift, lineShift + 2)).toEqual(["a;", "\ta"]);
});

test("all names are exported, those that the cell exports itself only once", () => {
  const code =
    "export const a = 1; let { b, c: [d = 2, ...e] } = x; type T = 1; if (a) { var v = 1 }";
  expect(notebook().draft(code).text).toContain("export { b, d, e, T, v };");
});

test("imports of a cell are names for later cells", () => {
  const model = notebook(
    'import fs, { type Stats as S } from "node:fs"; import p = require("path");',
  );
  expect(preludeOf(model, "fs; p; let s: S")).toBe(
    'import { fs } from "./__cell_1.ts"; import { p } from "./__cell_1.ts"; import { S } from "./__cell_1.ts";',
  );
});

test("a cell with elements is a .tsx file", () => {
  expect(notebook().draft("const e = <b>x</b>").name).toMatch(/\.tsx$/);
  expect(notebook().draft("const e = <number>x").name).toMatch(/\.ts$/);
});

test("a cell that is one object literal is read as one", () => {
  expect(notebook().draft("{ a: 1 }").text).toBe(";(\n{ a: 1 }\n);export {  };\n");
});

test("an unfinished cell does not import what it seems to declare", () => {
  const model = notebook("const a = 1; const b = 2; const c = 3");
  expect(preludeOf(model, "const a = 2; const { b } = a;\nc.")).toBe(
    'import { c } from "./__cell_1.ts";',
  );
});

test("only files that a name still leads to are reachable", () => {
  const model = notebook("const a = 1", "const b = a", "const c = 1", "const c = 2");
  expect([...model.reachable()].map(({ name }) => name).toSorted()).toEqual([
    "__cell_1.ts",
    "__cell_2.ts",
    "__cell_4.ts",
  ]);
});

test("after forgetting nothing is known", () => {
  const model = notebook("const a = 1");
  model.forget();
  expect(preludeOf(model, "a")).toBe("");
  expect(model.cellOf("__cell_1.ts")).toBeUndefined();
});

test("cells that declare nothing are forgotten after a while, others are not", () => {
  const model = new NotebookModel();
  const first = model.draft("const kept = 1");
  model.keep(first, 1);
  const early = model.draft("1 + 1");
  model.keep(early, 2);
  for (let number = 3; number < 500; number++) model.keep(model.draft("1 + 1"), number);
  const last = model.draft("2");
  model.keep(last, 500);
  expect(model.cellOf(first.name)).toEqual({ number: 1, code: "const kept = 1" });
  expect(model.cellOf(early.name)).toBeUndefined();
  expect(model.cellOf(last.name)).toEqual({ number: 500, code: "2" });
});

test("a cell that fails leaves its variables what they were or what it makes them", () => {
  const model = notebook("const v = 1; function f() {}");
  const failed = model.draft("const v = 'a'; function f() {}; const fresh = 2");
  model.keep(failed, 2);
  model.keepBoth(failed);
  expect(preludeOf(model, "f")).toBe('import { f } from "./__cell_2.ts";');
  expect(preludeOf(model, "fresh")).toBe('import { fresh } from "./__cell_2.ts";');
  const { imports } = model.draft("v");
  expect(imports.map(({ text }) => text)).toEqual([
    'export declare let v: typeof import("./__cell_1.ts").v | typeof import("./__cell_2.ts").v;',
  ]);
});

test("a chain of cells that run again and again does not grow without end", () => {
  const model = notebook("let a = 1; type T = 1; class K {}", "let b = a");
  for (let count = 0; count < 500; count++) {
    const [from, to] = count % 2 === 0 ? ["b", "a"] : ["a", "b"];
    const file = model.draft(
      `let ${to} = ${from} + 1; type T = typeof ${to}; class K { v = ${to} }`,
    );
    model.keep(file, count + 3);
    if (count % 50 === 0) model.prune();
  }
  expect(model.prune().size).toBeLessThan(400);
  const oldest = [...model.reachable()].find(({ imports }) => imports.length === 0);
  expect(oldest?.text).toMatch(/^export declare let [ab]: any;\nexport type T = any;\n/);
});

test("names are forgotten one by one, too", () => {
  const model = notebook("const a = 1; const b = 2; type T = 1");
  model.forget(["a", "T"]);
  expect([...model.names()]).toEqual(["b"]);
});

test.each([
  ["const React = {}", "<b>x</b>", ""],
  ["const h = () => 1", "<b>x</b>", "/** @jsx h */ /** @jsxFrag Fragment */"],
  ["const make = () => 1", "/** @jsx make */\n<b>x</b>", "/** @jsx make */"],
])("after %j the elements of %j are made as the kernel makes them", (first, code, pragmas) => {
  const prelude = preludeOf(notebook(first), code);
  expect(prelude.replace(/import .*/, "")).toBe(pragmas);
});
