// Syntax that Node 20 does not know runs all the same: using, decorators, accessors.
import { afterAll, describe, expect, test } from "vitest";
import { CellSession } from "../../support/cell-session.ts";

const session = new CellSession();
afterAll(() => session.close());

const LOG = `const log: string[] = [];
const open = (n: string, fail?: boolean) => ({ n, [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() { log.push("close " + n); if (fail) throw new Error("close " + n) } });
const openAsync = (n: string) => ({ n, async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() { await null; log.push("close " + n) } });
`;

describe("using", () => {
  test("disposes at the end of its block", async () => {
    expect(await session.value(`${LOG}{ using a = open("a"); log.push("in") }\nlog`)).toEqual([
      "in",
      "close a",
    ]);
  });

  test("disposes at the end of the cell, in reverse order, and shows the last value", async () => {
    const run = await session.run(
      `${LOG}using a = open("a"); await using b = openAsync("b");\nfunction inner() { return a.n }\nclass K { v = inner() }\nenum E { Z = 1 }\nconst q = 2;\nnew K().v + E.Z + q`,
    );
    expect(run.result?.value).toBe("a12");
    expect(await session.value("[...log, q, E.Z, new K().v, inner()]")).toEqual([
      "close b",
      "close a",
      2,
      1,
      "a",
      "a",
    ]);
  });

  test("keeps the error of the body and the errors of disposal", async () => {
    const { thrown } = await session.run(
      `${LOG}using a = open("a", true); throw new Error("body")`,
    );
    expect(thrown).toMatchObject({
      name: "SuppressedError",
      error: { message: "close a" },
      suppressed: { message: "body" },
    });
  });

  test("refuses what cannot be disposed, and accepts null", async () => {
    expect(await session.value("using n = null; 1")).toBe(1);
    const { thrown } = await session.run("using n = {} as any;");
    expect(String(thrown)).toMatch(/using: the value must have a \[Symbol\.dispose\]\(\) method/);
  });

  test("leaves no helper variable among the declared names", async () => {
    const run = await session.run("using a = null; for (using b of [null]) { using c = b }");
    expect(run.compiled.declared.map(({ name }) => name)).toEqual(["a"]);
  });
});

test("elements call the cell's own React.createElement, and casts stay casts", async () => {
  const react =
    "const React = { createElement: (tag: any, _p: any, ...inner: any[]) => tag + ':' + inner.join('') };";
  expect(await session.value(`${react}\nconst el = <b>ok {1 + 1}</b>; el`)).toBe("b:ok 2");
  expect(await session.value("const cast = <any>3; cast")).toBe(3);
});

describe("other syntax", () => {
  test.each([
    ["const enums", "const enum CE { Q = 8 }; CE.Q", 8],
    [
      "namespaces",
      "namespace N1 { export const z = 6; export namespace In { export const y = 7 } }; N1.z + N1.In.y",
      13,
    ],
    [
      "satisfies and as",
      "const sat = { a: 1 } satisfies Record<string, number>; (sat as any).a + 30",
      31,
    ],
    ["parameter properties", "class PP1 { constructor(public q: number) {} }; new PP1(17).q", 17],
    [
      "private fields and static blocks",
      "class Pv { #x = 2; static s = 0; static { Pv.s = 61 } get() { return this.#x } }; Pv.s + new Pv().get()",
      63,
    ],
    [
      "abstract classes and overloads",
      "abstract class Ab { abstract m(): number }\nclass Ac extends Ab { m(): number; m() { return 5 } }\nnew Ac().m()",
      5,
    ],
    ["non-null and generics", "const idg = <T,>(x: T): T => x; idg<number>(3)!", 3],
    ["declare", "declare const nowhere: number; declare global { var g: number }\n4", 4],
    ["export type and interface", "export interface Ei { a: 1 }\nexport type Et = 1;\n6", 6],
  ])("%s", async (_title, cell, expected) => {
    expect(await session.value(cell)).toBe(expected);
  });
});
