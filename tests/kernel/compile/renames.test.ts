// A cell's own `process`, `window` or `name` works in cells and stays invisible to everything else.
import { runInThisContext } from "node:vm";
import { afterAll, describe, expect, test } from "vitest";
import { CellSession } from "../../support/cell-session.ts";

const session = new CellSession();
afterAll(() => session.close());

async function shown(...cells: string[]): Promise<unknown> {
  let value: unknown;
  for (const cell of cells) value = await session.value(cell);
  return value;
}

/** What code outside cells sees. */
const outside = (name: string): unknown => runInThisContext(`typeof ${name}`);

test("libraries do not see the names of globals that cells declare", async () => {
  await shown("let window = 30; const document = 1, module = 2; var exports = 3");
  await shown(
    "function require() { return 4 }\nclass URL { static v = 5 }\nenum performance { A = 6 }",
  );
  await shown("let process = 'user'; const name = 'nm'; let status = 'st'; var length = 3;");
  expect(["window", "document", "module", "name", "status", "length"].map(outside)).toEqual(
    Array.from({ length: 6 }, () => "undefined"),
  );
  expect(outside("process")).toBe("object");
  expect(outside("performance")).toBe("object");
  const values = "[window, document, module, exports, require(), URL.v, performance.A, process]";
  expect(await shown(values)).toEqual([30, 1, 2, 3, 4, 5, 6, "user"]);
  expect(await shown("name + status + length")).toBe("nmst3");
});

test("an imported process is the cell's own, whatever earlier cells declared", async () => {
  await shown("let process = 'user'", 'import process from "node:process"');
  expect(await shown("typeof process.cwd")).toBe("function");
});

describe("uses of a renamed name", () => {
  test.each([
    ["shorthand properties", "const status = 1; ({ status })", { status: 1 }],
    ["shorthand patterns", "const { status } = { status: 2 }; status", 2],
    ["patterns with defaults", "const { status = 3 } = {}; status", 3],
    ["assignment patterns", "let status; ({ status } = { status: 4 }); status", 4],
    ["renaming patterns", "const { a: status } = { a: 5 }; status", 5],
    ["property names", "const status = 6; ({ status: 7, x: { status: status } }).x.status", 6],
    ["member names", "const status = 8; ({ a: { status: 9 } }).a.status + status", 17],
    ["computed names", "const status = 'k'; ({ [status]: 10 })[status]", 10],
    ["parameters that shadow", "const status = 11; ((status: number) => status)(12)", 12],
    ["blocks that shadow", "const status = 13; { const status = 14; status }\nstatus", 13],
    ["loops that shadow", "const status = 15; for (const status of [1]) status;\nstatus", 15],
    [
      "catch that shadows",
      "const status = 16; try { throw 1 } catch (status) { status }\nstatus",
      16,
    ],
    [
      "inner vars that shadow",
      "const status = 17; (() => { if (true) { var status = 18 } return status })()",
      18,
    ],
    [
      "inner functions that shadow",
      "const status = 19; (() => { return status(); function status() { return 20 } })()",
      20,
    ],
    [
      "named function expressions",
      "const status = 21; (function status() { return typeof status })()",
      "function",
    ],
    [
      "class bodies",
      "class status { static get() { return status.v } static v = 22 }; status.get()",
      22,
    ],
    ["closures", "const status = 23; const get = () => () => status; get()()", 23],
    ["typeof", "let status: unknown; typeof status", "undefined"],
    ["labels", "const status = 24; status: for (;;) { break status }\nstatus", 24],
    ["methods", "const status = 25; ({ status() { return status } }).status()", 25],
    ["increments", "let status = 26; status++; status", 27],
    ["templates", "const status = 28; `${status}`", "28"],
    ["loops over it", "let status; for (status of [29]);\nstatus", 29],
    [
      "recursion by its name",
      "function status(n: number): number { return n < 1 ? 30 : status(n - 1) }; status(3)",
      30,
    ],
    ["exports", "const status = 31; export { status }; status", 31],
  ])("works in %s", async (_title, cell, expected) => {
    expect(await shown(cell)).toEqual(expected);
  });

  test("works in later cells, closures and functions of other cells", async () => {
    await shown("let status = 1; const bump = () => ++status", "function read() { return status }");
    expect(await shown("bump(); status = status * 10; read()")).toBe(20);
  });

  test("a function keeps its visible name", async () => {
    expect(await shown("function status() {}; status.name")).toBe("status");
  });
});

test("globals that no cell declares keep their meaning", async () => {
  const fresh = new CellSession();
  expect(await fresh.value("typeof process.pid")).toBe("number");
  expect(await fresh.value("const { process: p } = globalThis; p === process")).toBe(true);
  fresh.close();
});
