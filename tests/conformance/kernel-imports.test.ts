// What cells can import: packages beside the notebook, Node's modules, the user's own TypeScript, gradlab itself.
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
  write(
    "node_modules/broken/package.json",
    '{"name":"broken","type":"module","exports":"./main.js"}',
  );
  write("node_modules/broken/main.js", "import 'not-there-at-all';");
  kernel = await TestKernel.start({ folder });
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
      /cannot find the package "not-installed".*npm install not-installed/,
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

  test("a module that did not change keeps its state", async () => {
    await kernel.execute("import { state } from './deep'; state.count = 5");
    expect(await shown("import { state } from './deep'; state.count")).toBe("5");
  });
});
