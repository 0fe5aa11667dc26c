// What cells can import: packages beside the notebook, Node's modules, the user's own TypeScript, gradlab itself.
// Covers: kernel/execute/runtime/live-imports.ts, kernel/execute/runtime/missing-exports.ts
// Covers: kernel/execute/runtime/installed-packages.ts, kernel/execute/jsx-settings.ts
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestKernel } from "../support/test-kernel.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlab imports "));
let kernel: TestKernel;

/** Writes a file into the notebook's folder. */
function write(name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The value that a cell shows as text. */
async function shown(code: string): Promise<unknown> {
  const run = await kernel.execute(code);
  expect(run.error?.traceback.join("\n"), code).toBeUndefined();
  return run.result?.["text/plain"];
}

beforeAll(async () => {
  write(
    "geometry.ts",
    "export interface Point { x: number }\nexport enum Kind { A, B }\nexport const area = (w: number, h: number): number => w * h;\nexport function fail(): never {\n  throw new Error('in module');\n}\n",
  );
  write(
    "deep/index.ts",
    "import { area } from '../geometry.js';\nexport const square = (s: number): number => area(s, s);\nexport { state } from './state.ts';\n",
  );
  write("deep/state.ts", "export const state = { count: 0 };\n");
  write("data.json", '{"a": 7}');
  write("typed.mts", "export const typed = (await Promise.resolve(1)) as number;\n");
  write("view.tsx", "import { h } from './elements.jsx';\nexport const view = <b>{'v'}</b>;\n");
  write(
    "elements.jsx",
    "export const h = (tag, _, ...inner) => `${tag}:${inner.join()}`;\nexport const plain = <i>p</i>;\n",
  );
  write(
    "tsconfig.json",
    '{ // comments are allowed\n "compilerOptions": { "jsx": "react", "jsxFactory": "h", }, }',
  );
  write("common.cts", "exports.answer = 42 as number;\n");
  write(
    "node_modules/esm-only/package.json",
    '{"name":"esm-only","type":"module","exports":{".":{"import":"./main.mjs"},"./sub":"./sub.mjs"}}',
  );
  write(
    "node_modules/esm-only/main.mjs",
    "export default 'esm'; export const named = await Promise.resolve('n');",
  );
  write("node_modules/esm-only/sub.mjs", "export const sub = 1;");
  write("node_modules/old-style/package.json", '{"name":"old-style","main":"./main.js"}');
  write(
    "node_modules/old-style/main.js",
    "exports.value = 'cjs'; exports.twice = (x) => { if (x < 0) throw new RangeError('negative'); return 2 * x; };",
  );
  // Node cannot see these exports from outside: they are made by a loop.
  write("node_modules/hidden-exports/package.json", '{"name":"hidden-exports"}');
  write(
    "node_modules/hidden-exports/index.js",
    "for (const name of ['first', 'second']) module.exports[name] = name;",
  );
  write("node_modules/@types/only-types/index.d.ts", "export interface Shape { x: number }");
  write(
    "node_modules/broken/package.json",
    '{"name":"broken","type":"module","exports":"./main.js"}',
  );
  write("node_modules/broken/main.js", "import 'not-there-at-all';");
  // What runs is looked at here, also where the types would stop it.
  kernel = await TestKernel.start({ folder, environment: { GRADLAB_TYPES: "off" } });
});
afterAll(async () => {
  await kernel.stop();
});

describe("imports", () => {
  test.each([
    ["import fs from 'node:fs'; typeof fs.readFileSync", "'function'"],
    ["import { join } from 'path'; join('a', 'b')", "'a/b'"],
    ["import esm, { named } from 'esm-only'; [esm, named]", "[ 'esm', 'n' ]"],
    ["import { sub } from 'esm-only/sub'; sub", "1"],
    [
      "import old from 'old-style'; import { value } from 'old-style'; [old.value, value]",
      "[ 'cjs', 'cjs' ]",
    ],
    ["import * as everything from 'old-style'; everything.twice(4)", "8"],
    ["const { area } = await import('./geometry.ts'); area(2, 3)", "6"],
    [
      "import { area, Kind, type Point } from './geometry'; const p: Point = { x: 1 }; area(p.x, Kind.B)",
      "1",
    ],
    ["import { square } from './deep'; square(3)", "9"],
    ["import { square } from './deep/index.js'; square(4)", "16"],
    ["import { answer } from './common.cts'; answer", "42"],
    ["import { typed } from './typed.mjs'; typed", "1"],
    ["import { typed } from './typed.mts'; typed", "1"],
    ["import { view } from './view'; view", "'b:v'"],
    ["import { view } from './view.js'; view", "'b:v'"],
    ["import { plain } from './elements.jsx'; plain", "'i:p'"],
    [
      "import { first, second as other } from 'hidden-exports'; [first, other]",
      "[ 'first', 'second' ]",
    ],
    ["import { Point, area } from './geometry'; const p: Point = { x: 2 }; area(p.x, 1)", "2"],
    ["import { Point } from './geometry'; 1", "1"],
    ["import { Shape } from 'only-types'; const shape: Shape = { x: 1 }; shape.x", "1"],
    ["import.meta.filename.startsWith(import.meta.dirname)", "true"],
    ["import.meta.resolve('esm-only').endsWith('/main.mjs')", "true"],
    [
      "import.meta.resolve('./geometry.ts') === new URL('./geometry.ts', import.meta.url).href",
      "true",
    ],
    ["import data from './data.json' with { type: 'json' }; data.a", "7"],
    ["require('old-style').value + require('node:path').sep", "'cjs/'"],
    ["require('./data.json').a", "7"],
    ["typeof import.meta.url", "'string'"],
    ["(await import(`${import.meta.dirname}/geometry.ts`)).area(1, 1)", "1"],
    ["import { checkGradients } from 'gradlab'; typeof Number", "'function'"],
    ["import type { Display } from 'gradlab/kernel'; 1", "1"],
    [
      "import { display as show, newDisplay } from 'tslab'; show.html('<i>old</i>'); typeof newDisplay().raw",
      "'function'",
    ],
  ])("%s", async (code, expected) => {
    expect(await shown(code)).toBe(expected);
  });

  test("a missing package says how to install it", async () => {
    const run = await kernel.execute("import x from 'not-installed'");
    expect(run.error?.evalue).toMatch(
      /cannot find the package "not-installed".*%install not-installed/,
    );
  });

  test("a missing file says where it was looked for", async () => {
    const run = await kernel.execute("import x from './nowhere.ts'");
    expect(run.error?.evalue).toMatch(/cannot find the file ".\/nowhere.ts" from .*Check the path/);
  });

  test("a package whose own import is missing says so, not that it is missing itself", async () => {
    const run = await kernel.execute("import 'broken'");
    expect(run.error?.evalue).toMatch(/not-there-at-all/);
  });

  test("a syntax error in a module names the file and the line", async () => {
    write("wrong.ts", "export const fine = 1;\nexport const = 2;\n");
    const run = await kernel.execute("import './wrong.ts'");
    expect(run.error?.ename).toBe("SyntaxError");
    expect(run.error?.traceback.join("\n")).toMatch(/wrong\.ts/);
  });

  test("an error in a module names its TypeScript line", async () => {
    const run = await kernel.execute("import { fail } from './geometry.ts'\nfail()");
    const text = run.error?.traceback.join("\n");
    expect(text).toMatch(/fail.*geometry\.ts:5:9/);
    expect(text).toMatch(/line 2/);
  });

  test("frames of packages are folded", async () => {
    const run = await kernel.execute("import { twice } from 'old-style'\ntwice(-1)");
    expect(run.error?.traceback.join("\n")).toMatch(/1 frame in old-style/);
  });
});

describe("a name that a module does not export", () => {
  test("is an error where it is used as a value, which names the module and the near name", async () => {
    const run = await kernel.execute("import { aera } from './geometry'\naera(1, 2)");
    expect(run.error?.ename).toBe("ExportNotFound");
    expect(run.error?.evalue).toBe(
      'the cell expects an export aera of "./geometry", which exports Kind, area, fail. Did you mean area?',
    );
    expect(run.error?.traceback.join("\n")).toMatch(/cell \d+, line 1/);
  });

  test("says so in the later cell that uses it, when its own cell could not tell it from a type", async () => {
    expect(await shown("import { Sahpe, area } from './geometry'\ntypeof area")).toBe("'function'");
    const run = await kernel.execute("1\nnew Sahpe()");
    expect(run.error?.ename).toBe("ExportNotFound");
    expect(run.error?.evalue).toMatch(
      /an export Sahpe of ".\/geometry", which exports Kind, area, fail\. .*if Sahpe is a type/,
    );
    expect(run.error?.traceback.join("\n")).toContain("line 2");
    expect(await shown("const Sahpe = 3; Sahpe")).toBe("3");
  });

  test("default is missing with a proposal", async () => {
    const run = await kernel.execute("import geometry from './geometry'\ngeometry.area");
    expect(run.error?.evalue).toMatch(
      /a default export of ".\/geometry".*import \* as everything from ".\/geometry"/,
    );
  });
});

test("a package that is installed after its import failed is found", async () => {
  for (const code of ["import { late } from 'late'; late", "require('late').late"]) {
    expect((await kernel.execute(code)).error?.evalue).toContain("late");
  }
  write("node_modules/late/package.json", '{"name":"late","exports":"./main.cjs"}');
  write("node_modules/late/main.cjs", "exports.late = 'now';");
  expect(await shown("import { late } from 'late'; late")).toBe("'now'");
  expect(await shown("require('late').late")).toBe("'now'");
});

describe("names of a cell do not reach libraries", () => {
  const NAMES = [
    "window",
    "document",
    "self",
    "process",
    "module",
    "exports",
    "require",
    "define",
    "navigator",
    "global",
    "jQuery",
  ];

  test.each(NAMES)("%s", async (name) => {
    write(
      `node_modules/looks-for-${name}/index.js`,
      `exports.seen = typeof ${name}; exports.isMine = typeof ${name} === 'number';`,
    );
    expect(await shown(`let ${name} = 5; ${name} + 1`)).toBe("6");
    expect(await shown(`import { isMine } from 'looks-for-${name}'; isMine`)).toBe("false");
    expect(await shown(name)).toBe("5");
  });

  test("real libraries that look for a browser or a module system still load", async () => {
    const names = NAMES.map((name) => `let ${name} = 'mine'`).join("\n");
    expect(await shown(`${names}\nimport * as d3 from 'd3'\nd3.sum([1, 2])`)).toBe("3");
    expect(await shown("import deepmerge from 'deepmerge'; deepmerge({ a: 1 }, { b: 2 })")).toBe(
      "{ a: 1, b: 2 }",
    );
    expect(await shown("import katex from 'katex'; katex.renderToString('x').length > 10")).toBe(
      "true",
    );
    expect(
      await shown("import createDOMPurify from 'dompurify'; createDOMPurify.isSupported"),
    ).toBe("false");
    expect(await shown("import json5 from 'json5'; json5.parse('{a: 1}').a")).toBe("1");
  });
});

describe("elements (JSX)", () => {
  test.each([
    [
      "by the tsconfig's factory",
      "const h = (tag: string) => tag + '!'; const e = <b/>; e",
      "'b!'",
    ],
    [
      "by a pragma",
      "/** @jsx make */\nconst make = (tag: string) => tag + '?'; const f = <b/>; f",
      "'b?'",
    ],
    [
      "by a package named in the cell",
      "/** @jsxImportSource maker */\nconst g = <b>x</b>; g",
      "'b of maker'",
    ],
  ])("%s", async (_, code, expected) => {
    write(
      "node_modules/maker/package.json",
      '{"name":"maker","exports":{"./jsx-runtime":"./jsx.mjs"}}',
    );
    write(
      "node_modules/maker/jsx.mjs",
      "export const jsx = (tag) => `${tag} of maker`; export const jsxs = jsx;",
    );
    expect(await shown(code)).toBe(expected);
  });
});

describe("editing a module and running its cell again", () => {
  test("the new version is loaded", async () => {
    write("edited.ts", "export const version: string = 'first';");
    expect(await shown("import { version } from './edited.ts'; version")).toBe("'first'");
    write("edited.ts", "export const version: string = 'second one';");
    expect(await shown("import { version } from './edited.ts'; version")).toBe("'second one'");
  });

  test("a module that imports the edited one is loaded again too", async () => {
    write("inner.ts", "export const inner = 1;");
    write("outer.ts", "import { inner } from './inner.ts'; export const outer = inner * 10;");
    expect(await shown("import { outer } from './outer.ts'; outer")).toBe("10");
    write("inner.ts", "export const inner = 123;");
    expect(await shown("import { outer } from './outer.ts'; outer")).toBe("1230");
  });

  test("names that were imported before follow the file, without another import", async () => {
    write("followed.ts", "export const rate: number = 1; export default 'd1';");
    await kernel.execute(
      "import whole, { rate as speed } from './followed.ts'\nimport * as all from './followed.ts'\nconst read = () => speed",
    );
    write("followed.ts", "export const rate: number = 20; export default 'd20';");
    expect(await shown("[speed, whole, all.rate, read()]")).toBe("[ 20, 'd20', 20, 20 ]");
  });

  test("data follow their file as data, and nothing is said about them", async () => {
    write("rates.json", '{"rate":1}');
    await shown("import rates from './rates.json' with { type: 'json' }");
    const unchanged = await kernel.execute("rates.rate");
    expect([unchanged.result?.["text/plain"], unchanged.stderr]).toEqual(["1", ""]);
    write("rates.json", '{"rate":1234}');
    expect(await shown("rates.rate")).toBe("1234");
  });

  test("so do names of a module that imports the edited one", async () => {
    write("base.ts", "export const base = 1;");
    write("middle.ts", "import { base } from './base.ts'; export const middle = () => base * 2;");
    await kernel.execute("import { middle } from './middle.ts'");
    write("base.ts", "export const base = 100;");
    expect(await shown("middle()")).toBe("200");
  });

  test("while the file has an error, the names keep their values and the error is told once", async () => {
    write("half.ts", "export const half = 1;");
    await kernel.execute("import { half } from './half.ts'");
    write("half.ts", "export const half = ;");
    const first = await kernel.execute("half");
    expect(first.result?.["text/plain"]).toBe("1");
    expect(first.stderr).toMatch(/^\.\/half\.ts was edited, but cannot be loaded: SyntaxError/);
    expect((await kernel.execute("half")).stderr).toBe("");
    write("half.ts", "export const half = 12345;");
    expect(await shown("half")).toBe("12345");
  });

  test("a file that was not there is not followed", async () => {
    await kernel.execute("import { nothing } from './not-yet.ts'\nnothing");
    expect((await kernel.execute("1")).stderr).toBe("");
  });

  test("a name that the notebook has declared anew is left alone", async () => {
    write("mine.ts", "export const mine = 1;");
    await kernel.execute("import { mine } from './mine.ts'");
    await kernel.execute("let mine = 'own'");
    write("mine.ts", "export const mine = 22222;");
    expect(await shown("mine")).toBe("'own'");
  });

  test("the next cell is not held up", async () => {
    write("quick.ts", "export const quick = 1;");
    await kernel.execute("import { quick } from './quick.ts'");
    write("quick.ts", "export const quick = 22;");
    const started = performance.now();
    expect(await shown("quick")).toBe("22");
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test("a module that did not change keeps its state", async () => {
    await kernel.execute("import { state } from './deep'; state.count = 5");
    expect(await shown("import { state } from './deep'; state.count")).toBe("5");
  });
});
