// Constants: an assignment throws when it runs, in the same cell and in later ones.
import { afterAll, expect, test } from "vitest";
import { CellSession } from "../../support/cell-session.ts";

const session = new CellSession();
afterAll(() => session.close());

test.each([
  ["its own cell", ["const k1 = 1; k1 = 2"]],
  ["a later cell", ["const k2 = 1", "k2 = 2"]],
  ["a function", ["const k3 = 1; function set() { k3 = 2 }\nset()"]],
  ["an increment", ["const k4 = 1", "k4++"]],
  ["a compound assignment", ["const k5 = 1", "k5 += 2"]],
  ["an import", ['import { sep as k6 } from "node:path"', "k6 = 'x'"]],
])("an assignment to a constant throws in %s", async (_title, cells) => {
  let thrown: unknown;
  for (const cell of cells) thrown = (await session.run(cell)).thrown;
  expect(thrown).toBeInstanceOf(TypeError);
  expect(String(thrown)).toMatch(/Assignment to constant variable: k\d was declared with const/);
});

test("the right side runs first, the value stays, and catch works as in a module", async () => {
  const cell =
    "const log: string[] = []; const k7 = 1; try { k7 = Number(log.push('ran')) } catch (e) { log.push((e as Error).name) }\n[k7, ...log]";
  expect(await session.value(cell)).toEqual([1, "ran", "TypeError"]);
});

test("a shadowing variable, a redeclaration and a lazy assignment are no mistake", async () => {
  await session.run("const k8 = 1");
  expect(await session.value("{ let k8 = 2; k8 = 3 }\nk8 ??= 9; k8")).toBe(1);
  expect(await session.value("let k8 = 5; k8 = 6; k8")).toBe(6);
  expect(await session.value("k8 = 7")).toBe(7);
});
