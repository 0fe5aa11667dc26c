// Cells compiled and run for real: what a notebook's user expects of every kind of statement.
// Covers: kernel/compile/*.ts
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";
import { afterAll, describe, expect, test } from "vitest";
import { compileCell } from "../../../kernel/compile/compile-cell.ts";
import { CellSession } from "../../support/cell-session.ts";

const session = new CellSession();
afterAll(() => session.close());

/** Runs cells in order and gives what the last one shows. */
async function shown(...cells: string[]): Promise<unknown> {
  let value: unknown;
  for (const cell of cells) value = await session.value(cell);
  return value;
}

describe("what a cell shows", () => {
  test.each([
    ["an expression", "1 + 1", 2],
    ["an expression with a semicolon", "40 + 2;", 42],
    ["nothing after two semicolons", "40 + 2;;", undefined],
    ["an object literal in parentheses", "({ top: 1 })", { top: 1 }],
    ["a bare object literal", "{ bare: 1 }", { bare: 1 }],
    [
      "a bare object literal over lines, with a comment",
      "\n// c\n{\n  a: 1,\n  b: 2,\n} // d\n",
      { a: 1, b: 2 },
    ],
    ["a bare object literal over lines", "\n{\n  a: 1,\n  b: 2,\n}\n", { a: 1, b: 2 }],
    ["nothing for a block", "{ const inner = 1; inner }", undefined],
    ["a string that looks like a directive", '"use strict"', "use strict"],
    ["a template", "`x${1}`", "x1"],
    ["a sequence", "1, 2", 2],
    ["nothing for a declaration", "const noshow = 5", undefined],
    ["nothing for a loop", "for (let i = 0; i < 3; i++) i", undefined],
    ["nothing for a function", "function shownNot() {}", undefined],
    ["null", "null", null],
    ["an awaited value", "await Promise.resolve({ ok: 77 })", { ok: 77 }],
    ["a call with an arrow", "[3, 4].map(x => x * 2)", [6, 8]],
    ["an awaited import in a call", 'Object.keys(await import("node:path")).includes("sep")', true],
    ["the value before a trailing comment", "5 // five", 5],
    ["an assignment", "let assigned; assigned = 6", 6],
    ["a default export", "export default 7", 7],
    ["an arrow function's call", "(async () => { await null; return 8 })().then(x => x)", 8],
  ])("shows %s", async (_title, cell, expected) => {
    const value = await shown(cell);
    expect(await value).toEqual(expected);
  });

  test.each(["", "   \n", "// only a comment", "interface Only { a: 1 }", "type T = 1", ";"])(
    "runs the cell %j and shows nothing",
    async (cell) => {
      const run = await session.run(cell);
      expect(run.result).toBeUndefined();
      expect(run.thrown).toBeUndefined();
    },
  );
});

test.each(["# exercise 3", "#!/usr/bin/env node", "#"])(
  "a first line %j is a comment",
  async (line) => {
    expect(await shown(`${line}\nconst afterLine = 5\nafterLine`)).toBe(5);
  },
);

test("every source file of the kernel compiles as a cell and gives JavaScript that parses", () => {
  const folder = fileURLToPath(new URL("../../../kernel/", import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const sources = files.filter((file) => file.endsWith(".ts"));
  const broken = sources.filter((file) => {
    const cell = compileCell(readFileSync(`${folder}${file}`, "utf8"), { number: 1, name: "c.ts" });
    return !cell.ok || parseSync("c.js", cell.javascript).errors.length > 0;
  });
  expect(sources.length).toBeGreaterThan(20);
  expect(broken).toEqual([]);
});

describe("declaring again", () => {
  const forms: [string, string, string, unknown][] = [
    ["const", "const dup = 1", "dup", 1],
    ["let", "let dup = 2", "dup", 2],
    ["var", "var dup = 3", "dup", 3],
    ["function", "function dup() { return 4 }", "dup()", 4],
    ["class", "class dup { static v = 5 }", "dup.v", 5],
    ["enum", "enum dup { A = 6 }", "dup.A", 6],
    ["namespace", "namespace dup { export const v = 7 }", "dup.v", 7],
    ["import", 'import { sep as dup } from "node:path"', "dup", "/"],
    ["destructuring", "const { a: [dup] } = { a: [8] }", "dup", 8],
    ["export", "export const dup = 9", "dup", 9],
  ];
  for (const [first, firstCell] of forms) {
    test.each(forms)(`turns ${first} into %s`, async (_second, cell, use, expected) => {
      expect(await shown(firstCell, cell, use)).toBe(expected);
    });
  }

  test("keeps an earlier value when the new initialiser throws", async () => {
    await session.run("const fk = 'kept'");
    const failed = await session.run("const fk = (() => { throw new Error('x') })()");
    expect(failed.thrown).toBeInstanceOf(Error);
    expect(await session.value("fk")).toBe("kept");
  });

  test("lets a failed first initialiser be repeated", async () => {
    await session.run("const redo = (() => { throw new Error('x') })()");
    expect(await shown("const redo = 3", "redo")).toBe(3);
  });

  test("gives a second enum of the same name only its own members", async () => {
    const members = await shown("enum RE { A, B }", "enum RE { C = 7 }", "Object.keys(RE)");
    expect(members).toEqual(["7", "C"]);
  });

  test("merges enums and namespaces inside one cell", async () => {
    expect(await shown("enum ME { A = 1 }\nenum ME { B = 2 }", "ME.A + ME.B")).toBe(3);
    const cell = "class CN {}\nnamespace CN { export const a = 4 }\nCN.a";
    expect(await shown(cell)).toBe(4);
  });

  test("shows nothing when a cell ends with a merged enum", async () => {
    expect(await shown("enum ME2 { A = 1 }\nenum ME2 { B = 2 }")).toBeUndefined();
  });

  test("runs the same cell twice", async () => {
    const cell = "const sc = [1, 2, 3]; function scf() { return sc.length }";
    expect(await shown(cell, cell, "scf() + 40")).toBe(43);
  });
});

describe("names across cells", () => {
  test("late binding: a function sees what a later cell declares and assigns", async () => {
    expect(await shown("let n1 = 1; function getN() { return n1 }", "n1 = 555", "getN()")).toBe(
      555,
    );
    expect(await shown("function usesQ() { return q }", "const q = 3", "usesQ()")).toBe(3);
    expect(await shown("const q = 4", "usesQ()")).toBe(4);
  });

  test("functions are hoisted inside their cell, async and generators too", async () => {
    expect(await shown("const h = early(); function early() { return 11 }\nh")).toBe(11);
    expect(await shown("[...gen()]; function* gen() { yield 1; yield 2 }")).toBeUndefined();
    expect(
      await shown("const w = await later();\nexport async function later() { return 12 }\nw"),
    ).toBe(12);
  });

  test("a function keeps its name and calls itself through its variable", async () => {
    const cell = "function fact(n: number): number { return n < 2 ? 1 : n * fact(n - 1) }";
    expect(await shown(cell, "fact.name")).toBe("fact");
    const memo = "let calls = 0; const plain = fact; fact = (n) => { calls++; return plain(n) }";
    expect(await shown(memo, "fact(4)", "calls")).toBe(4);
  });

  test("the last of several functions of one name wins", async () => {
    expect(
      await shown("function twice() { return 1 }\nfunction twice() { return 2 }\ntwice()"),
    ).toBe(2);
  });

  test("var works as in a script: hoisted, repeated, in blocks and loops", async () => {
    expect(await shown("v1 = 5; var v1; v1")).toBe(5);
    expect(await shown("var v2 = 1; var v2 = 2; v2")).toBe(2);
    expect(await shown("if (true) { var v3 = 3, { v4 } = { v4: 4 } }", "v3 + v4")).toBe(7);
    expect(await shown("for (var i9 = 0; i9 < 3; i9++);", "i9")).toBe(3);
    expect(
      await shown("for (var x9 of [1, 2]) { let x9 = 0 }\nfor (var k9 in { a: 1 });", "x9 + k9"),
    ).toBe("2a");
    expect(await shown("let i9 = 'let now'", "i9")).toBe("let now");
  });

  test("strict mode: an undeclared name cannot be assigned", async () => {
    const run = await session.run("neverDeclared = 1");
    expect(run.thrown).toBeInstanceOf(ReferenceError);
  });

  test("an old instance keeps its class", async () => {
    await shown("class K1 { v = 1 }\nconst k1 = new K1()", "class K1 { v = 2 }");
    expect(await session.value("`${k1.v}|${new K1().v}`")).toBe("1|2");
  });

  test("reports what a cell declares", () => {
    const compiled = compileCell(
      "import d, { x as y } from 'm'; const { a, b: [c] } = q; var v; class K {} function f() { var no }",
      { number: 1, name: "cell-1.ts" },
    );
    const names =
      compiled.ok && compiled.declared.map(({ name, kind }) => `${kind} ${name}`).sort();
    expect(names).toEqual(
      ["import d", "import y", "const a", "const c", "var v", "class K", "function f"].sort(),
    );
  });
});
