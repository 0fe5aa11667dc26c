// Tracebacks of cells that really ran and threw: right cell, right TypeScript line, source beside it.
import { stripVTControlCharacters } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { describeError } from "../../../kernel/compile/describe-error.ts";
import type { CellScript } from "../../../kernel/compile/stack-frames.ts";
import { captureThrown } from "../../../kernel/compile/thrown-value.ts";
import { CellSession } from "../../support/cell-session.ts";

const session = new CellSession();
const { stackTraceLimit } = Error;
// As in the process that runs cells.
Error.stackTraceLimit = 50;
afterAll(() => {
  session.close();
  Error.stackTraceLimit = stackTraceLimit;
});

const cells = new Map<string, CellScript>();

/** Runs cells and gives the plain text of what the last one's error message says. */
async function traceback(...sources: string[]): Promise<string> {
  let thrown: unknown;
  for (const source of sources) {
    const number = cells.size + 1;
    const name = `cell-${number}.ts`;
    const run = await session.run(source, name);
    cells.set(name, { number, source, positions: run.compiled.positions });
    thrown = run.thrown;
  }
  return text(thrown);
}

function text(thrown: unknown): string {
  const report = describeError(captureThrown(thrown), {
    cells: (name) => cells.get(name),
    ownFolders: { gradlab: `${process.cwd()}/` },
    hiddenFolders: [`${process.cwd()}/tests/support/`],
  });
  return stripVTControlCharacters(report.traceback.join("\n"));
}

const lines = (shown: string): number[] =>
  [...shown.matchAll(/^ {2}at cell \d+, line (\d+)/gm)].map((match) => Number(match[1]));

describe("TypeScript lines", () => {
  test("survive erased interfaces and types above", async () => {
    const shown = await traceback(
      'interface Erased {\n  a: number;\n  b: string;\n}\ntype AlsoErased = { c: number };\nfunction boom(x: Erased): never {\n  throw new RangeError("boom-" + x.a);\n}\nboom({ a: 7, b: "q" });',
    );
    expect(shown).toMatch(/^RangeError: boom-7\n/);
    expect(lines(shown)).toEqual([7, 9]);
    expect(shown).toContain("in boom");
    expect(shown).toContain('> 7 |   throw new RangeError("boom-" + x.a);\n    |         ^');
  });

  test("name the cell of a function that an earlier cell declared", async () => {
    const before = cells.size;
    const shown = await traceback(
      'function later(n: number) {\n  if (n > 1) {\n    throw new TypeError("late");\n  }\n}',
      "const pad = 1;\n\nlater(5)",
    );
    expect(lines(shown)).toEqual([3, 3]);
    expect(shown).toContain(`cell ${before + 1}, line 3, in later`);
    expect(shown).toContain(`cell ${before + 2}, line 3 (`);
  });

  test("survive an await", async () => {
    const shown = await traceback(
      'async function af(): Promise<void> {\n  await null;\n  throw new Error("async-boom");\n}\nawait af();',
    );
    expect(lines(shown)).toEqual([3, 5]);
    expect(shown).not.toContain("frame");
  });

  test("survive enums and parameter properties, whose code has more lines", async () => {
    const shown = await traceback(
      'enum Col { Red, Green, Blue }\nclass PP {\n  constructor(private a: number, readonly b: string) {}\n  go() {\n    (undefined as any).x;\n  }\n}\nnew PP(1, "b").go();',
    );
    expect(lines(shown)).toEqual([5, 8]);
  });

  test("count astral characters and CRLF as the editor does", async () => {
    const shown = await traceback('const s = "😀😀";\r\nconst t = 1; missing9();\r\n');
    expect(shown).toContain("> 2 | const t = 1; missing9();\n    |              ^");
  });

  test("survive a first line of #, a bare object and a top-level using", async () => {
    expect(lines(await traceback("# exercise 1\nthrow new Error('k6')"))).toEqual([2]);
    expect(lines(await traceback("{\n  a: missing8,\n  b: 1,\n}"))).toEqual([2]);
    expect(await traceback("{ a: 1, b: missing8 }")).toContain("|            ^");
    expect(lines(await traceback("using u = null;\ntype T = 1;\nthrow new Error('u')"))).toEqual([
      3,
    ]);
  });
});

describe("what a traceback shows", () => {
  test("folds frames of libraries and ends at the learner's line", async () => {
    const shown = await traceback(
      'JSON.parse("{");\n',
      'import { readFileSync } from "node:fs";\nreadFileSync("/no/such")',
    );
    expect(shown).toMatch(
      / {2}\.\.\. \d frames? in Node.js\n {2}at cell \d+, line 2 \(cell-\d+\.ts:2:1\)\n/,
    );
    expect(shown).toContain("code: 'ENOENT'");
    expect(shown).not.toContain("node:fs:");
    expect(lines(shown)).toEqual([2]);
  });

  test("shows the chain of causes", async () => {
    const shown = await traceback(
      'throw new Error("outer", { cause: new Error("inner", { cause: "why" }) })',
    );
    expect(shown).toMatch(/^Error: outer[^]*Caused by Error: inner[^]*Caused by Uncaught why/);
  });

  test("leaves out a cause that the message quotes, and that comes from the same line", async () => {
    const wrapped = await traceback(
      'const below = new Error("no file"); throw new Error("load: no file", { cause: below })',
    );
    expect(wrapped).toMatch(/^Error: load: no file/);
    expect(wrapped).not.toContain("Caused by");
    const elsewhere = await traceback(
      'const below = new Error("no file");\nthrow new Error("load: no file", { cause: below })',
    );
    expect(elsewhere).toContain("Caused by Error: no file");
  });

  test("does not call a function without a name by what V8 guesses", async () => {
    const shown = await traceback(
      'const model = 1;\nconst run = (step: () => void, _: object): void => step();\nrun(() => {\n  throw new Error("x");\n}, { model });',
    );
    expect(shown).toMatch(/at cell \d+, line 4 \(/);
  });

  test("shows every error of an AggregateError", async () => {
    const shown = await traceback(
      'await Promise.any([Promise.reject(new Error("a1")), Promise.reject(7)])',
    );
    expect(shown).toMatch(
      /AggregateError: All promises were rejected[^]*\[1\] Error: a1[^]*\[2\] Uncaught 7/,
    );
  });

  test.each([
    ['throw "plain-str"', "Uncaught plain-str"],
    ["throw { code: 51 }", "Uncaught { code: 51 }"],
    ["throw undefined", "Uncaught undefined"],
    ["throw null", "Uncaught null"],
  ])("shows the value of %s", async (cell, expected) => {
    expect(await traceback(cell)).toBe(expected);
  });

  test("names the class of an error and its own properties", async () => {
    const shown = await traceback(
      'class MyErr extends Error { constructor(public extra: number) { super("mine"); } }\nthrow new MyErr(9);',
    );
    expect(shown).toMatch(/^MyErr: mine\n\{ extra: 9 \}/);
  });

  test("shows a deep recursion once with its source", async () => {
    const shown = await traceback("function rec0(): number { return 1 + rec0() }\nrec0()");
    expect(shown).toContain("Maximum call stack size exceeded");
    expect(shown.match(/return 1 \+ rec0/g)).toHaveLength(1);
  });

  test("shows functions that call each other without end once", async () => {
    const shown = await traceback(
      "function ping(): number {\n  return pong() + 1;\n}\nfunction pong(): number {\n  return ping() + 1;\n}\nping()",
    );
    expect(shown).toMatch(/ {2}\.\.\. \d\d frames that repeat these/);
    expect(shown.split("\n").length).toBeLessThan(18);
  });

  test("counts the frames in the middle of a long way", async () => {
    const count = 30;
    const steps = Array.from(
      { length: count },
      (_, n) => `function step${n}(): number {\n  return step${n + 1}() + 1;\n}`,
    ).join("\n");
    const shown = await traceback(
      `${steps}\nfunction step${count}(): number {\n  throw new Error("far");\n}\nstep0()`,
    );
    expect(shown).toContain("in step30");
    expect(shown).toMatch(/ {2}\.\.\. \d+ frames in between/);
    expect(shown).toContain("> 94 | step0()");
  });

  test("shortens a huge message and keeps the place", async () => {
    const shown = await traceback('throw new Error("word ".repeat(1e5))');
    expect(shown).toMatch(/\.\.\. \d+ more characters\n/);
    expect(shown.length).toBeLessThan(6000);
    expect(lines(shown)).toEqual([1]);
    const tall = await traceback('throw new Error("row\\n".repeat(1000))');
    expect(tall.split("\n").length).toBeLessThan(80);
  });

  test("leaves out what a failed assertion has said already, and code made at run time", async () => {
    const shown = await traceback(
      'import { deepStrictEqual } from "node:assert";\ndeepStrictEqual({ a: 1 }, { a: 2 })',
    );
    expect(shown).not.toContain("generatedMessage");
    expect(await traceback('new Function("throw new Error(1)")()')).not.toContain("eval at");
  });

  test("shows three lines of a module's source, named from the notebook's folder", () => {
    const thrown = {
      isError: true,
      name: "RangeError",
      message: "low",
      details: "",
      stack:
        "RangeError: low\n    at area (file:///book/lib/geo.ts:4:9)\n    at file:///book/lib/geo.ts:9:1\n    at file:///elsewhere/x.ts:2:1",
    };
    const source = "one\ntwo\nthree\n  throw new RangeError('low');\nfive\nsix";
    const { traceback: parts } = describeError(thrown, {
      cells: () => undefined,
      folder: "/book",
      readFile: (file) => (file === "/book/lib/geo.ts" ? source : undefined),
    });
    expect(stripVTControlCharacters(parts.join("\n"))).toBe(
      [
        "RangeError: low",
        "  at lib/geo.ts, line 4, in area (lib/geo.ts:4:9)",
        "  3 | three",
        "> 4 |   throw new RangeError('low');",
        "    |         ^",
        "  5 | five",
        // A file that has become shorter since has no such line.
        "  at lib/geo.ts, line 9 (lib/geo.ts:9:1)",
        "  at /elsewhere/x.ts, line 2 (/elsewhere/x.ts:2:1)",
      ].join("\n"),
    );
  });

  test("says how to fix a name that no cell declared", async () => {
    expect(await traceback("neverHeardOf + 1")).toContain(
      "Fix: No cell that has run declares neverHeardOf",
    );
  });

  test("looks at hostile errors without throwing", () => {
    const hostile = new Error("h");
    Object.defineProperty(hostile, "stack", {
      get: () => {
        throw new Error("no");
      },
    });
    Object.defineProperty(hostile, "code", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    });
    expect(text(hostile)).toContain("Error: h");
    const trap = () => {
      throw new Error("trap");
    };
    expect(text(new Proxy({}, { get: trap, getPrototypeOf: trap, ownKeys: trap }))).toContain(
      "Uncaught",
    );
  });
});

test("a value that is no error is placed by the stack that came with it, read as TypeScript", () => {
  const cell = cells.get("cell-1.ts")!;
  const thrown = { ...captureThrown("at"), stack: "Error\n    at cell-1.ts:7:3", isMapped: true };
  const report = describeError(thrown, { cells: () => cell });
  expect(stripVTControlCharacters(report.traceback.join("\n"))).toContain("cell 1, line 7");
  expect(report).toMatchObject({ ename: "Uncaught", evalue: "at" });
});

describe("names of variables are those of the cell", () => {
  const thrown = (message: string): string =>
    text(Object.assign(new ReferenceError(message), { stack: `ReferenceError: ${message}` }));

  test.each([
    ["__cell_process is not defined", /^ReferenceError: process is not defined\n/],
    ["Cannot access '__cell_name' before initialization", /Fix: name has no value yet/],
    [
      "data_was_reset is not defined",
      /data is not defined[^]*Fix: %reset has forgotten data\. Run/,
    ],
  ])("%s", (message, expected) => {
    expect(thrown(message)).toMatch(expected);
  });
});
