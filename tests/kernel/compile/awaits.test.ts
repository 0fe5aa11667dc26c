// Top-level awaits go through the runtime's wait; awaits of functions do not.
import { afterAll, expect, test } from "vitest";
import { CellSession } from "../../support/cell-session.ts";

const session = new CellSession();
afterAll(() => session.close());

test.each([
  ["an initialiser", "const tl: number = await Promise.resolve(41); tl + 1", 42, 1],
  ["an await of an await", "await (await Promise.resolve(Promise.resolve(1)))", 1, 2],
  ["two awaits in a row", "await await 2", 2, 2],
  ["arguments", "Math.max(await 1, await 2)", 2, 2],
  ["a member of an awaited value", "(await Promise.resolve({ a: { b: 3 } })).a.b", 3, 1],
  ["a template", "`${await 4}`", "4", 1],
  ["a condition", "if (await true) { await 0 }\nawait 5", 5, 3],
  ["an arrow function", "await (async () => await 6)()", 6, 1],
  ["a function and a method", "await ({ async m() { return await 7 } }).m()", 7, 1],
  [
    "a heritage clause and a computed key",
    "class H extends (await Object) { [await 'k']() { return 8 } }\nnew H().k()",
    8,
    2,
  ],
  ["a for loop", "let s = 0; for (let i = await 0; i < await 2; i += await 1) s++;\ns", 2, 6],
])("await works in %s", async (_title, cell, expected, waits) => {
  const run = await session.run(cell);
  expect(run.thrown).toBeUndefined();
  expect(run.result?.value).toEqual(expected);
  expect(run.waited).toBe(waits);
});

test("for await iterates async and sync sources, each step through wait", async () => {
  const source = "async function* two() { yield 1; yield 2 }\nconst seen: unknown[] = [];\n";
  const run = await session.run(`${source}for await (const v of two()) seen.push(v);\nseen`);
  expect(run.result?.value).toEqual([1, 2]);
  expect(run.waited).toBe(3);
  expect(
    await session.value(
      `${source}for await (const v of [Promise.resolve(3), 4]) seen.push(v);\nseen`,
    ),
  ).toEqual([3, 4]);
});

test("leaving a for await early runs the generator's finally", async () => {
  const cell =
    "let closed = 0; async function* g() { try { for (;;) yield 1 } finally { closed++ } }\nfor await (const x of g()) break;\nclosed";
  expect(await session.value(cell)).toBe(1);
});

test("for await in a function is left alone", async () => {
  const run = await session.run("await (async () => { for await (const x of [1]) return x })()");
  expect(run.result?.value).toBe(1);
  expect(run.waited).toBe(1);
});
