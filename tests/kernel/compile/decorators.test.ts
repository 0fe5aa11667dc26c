// Decorators of the language (not the experimental ones) on every kind of member, run for real.
// Covers: kernel/compile/class-decoration.ts
import { afterAll, expect, test } from "vitest";
import { CellSession } from "../../support/cell-session.ts";

const session = new CellSession();
afterAll(() => session.close());

test.each([
  [
    "a method is replaced",
    'function dec(v: any, c: ClassMethodDecoratorContext) { return function (this: any) { return "deco-" + String(c.name) } }\nclass D1 { @dec m() { return "x" } }\n(new D1() as any).m()',
    "deco-m",
  ],
  [
    "decorators apply from the inside out",
    "const add = (s: string) => (f: any) => function (this: any) { return s + f.call(this) };\nclass D2 { v = 'v'; @add('a') @add('b') m() { return this.v } }\nnew D2().m()",
    "abv",
  ],
  [
    "a static method, a getter and a setter",
    "const twice = (f: any, c: any) => c.kind === 'setter' ? function (this: any, v: number) { f.call(this, v * 2) } : function (this: any, ...a: any[]) { return f.apply(this, a) * 2 };\nclass D3 { #x = 1; @twice static s() { return 5 } @twice get x() { return this.#x } @twice set x(v: number) { this.#x = v } }\nconst d3 = new D3(); d3.x = 3; [D3.s(), d3.x]",
    [10, 12],
  ],
  [
    "fields, with and without a value, static and private",
    "const plus = (_: any, c: any) => (v: any) => [String(c.name), c.static, c.private, v];\nclass D4 { @plus a = 1; @plus b; @plus static c = 2; @plus #d = 3; get d() { return this.#d } }\nconst d4 = new D4(); [d4.a, d4.b, D4.c, d4.d]",
    [
      ["a", false, false, 1],
      ["b", false, false, undefined],
      ["c", true, false, 2],
      ["#d", false, true, 3],
    ],
  ],
  [
    "accessors, plain and decorated",
    "const log: string[] = []; const watch = ({ get, set }: any, c: any) => ({ set(this: any, v: any) { log.push(c.name + v); set.call(this, v) }, init: (v: number) => v + 100 });\nclass D5 { accessor p = 1; static accessor q = 2; accessor r; @watch accessor s = 3 }\nconst d5 = new D5(); d5.s = 7; d5.p = 4; [d5.p, D5.q, d5.r, d5.s, new D5().s, log.join()]",
    [4, 2, undefined, 7, 103, "s7"],
  ],
  [
    "computed keys run once",
    "let runs = 0; const key = () => 'k' + ++runs; const up = (f: any) => () => f() + '!';\nclass D6 { @up [key()]() { return 'm' } accessor [key()] = 5 }\nconst d6 = new D6() as any; [d6.k1(), d6.k2, runs]",
    ["m!", 5, 2],
  ],
  [
    "a class is replaced and named, in every position",
    "const wrap = (C: any, c: any) => class extends C { tag = c.name + c.kind };\n@wrap class D7 { own = 1 }\nconst D8 = @wrap class Inner {};\nfunction local() { @wrap class D9 {} return new D9() }\n[new D7().tag, new D7().own, new D8().tag, (local() as any).tag]",
    ["D7class", 1, "Innerclass", "D9class"],
  ],
  [
    "initialisers run when they should",
    "const log: string[] = []; const note = (t: string) => (_: any, c: any) => c.addInitializer(function (this: any) { log.push(t + (t === 'field' ? this.f : '')) });\n@note('class') class D10 { constructor() { log.push('body') } @note('method') m() {} @note('field') f = 1; @note('static') static s() {} }\nlog.push('defined'); new D10(); log.join()",
    "static,class,defined,method,field1,body",
  ],
  [
    "bound methods, the classic",
    "const bound = (f: any, c: any) => { c.addInitializer(function (this: any) { this[c.name] = f.bind(this) }) };\nclass D11 { v = 8; @bound m() { return this.v } }\nconst { m } = new D11(); m()",
    8,
  ],
  [
    "access and metadata",
    "let seen: any; const look = (_: any, c: any) => { seen = c; c.metadata.mark = 1 };\nclass D12 { @look f = 2 }\nconst d12 = new D12(); seen.access.set(d12, 3); [seen.access.get(d12), seen.access.has(d12), (D12 as any)[Symbol.metadata ?? Symbol.for('Symbol.metadata')].mark]",
    [3, true, 1],
  ],
  [
    "exported, in a subclass, with a heritage",
    "class Base { b = 1 }\nconst id = (C: any) => C;\n@id export class D13 extends Base { @id m() { return this.b + 1 } }\nnew D13().m()",
    2,
  ],
  [
    "auto-accessors without decorators",
    "class D14 { accessor v = 3; static accessor w = 4 }; new D14().v + D14.w",
    7,
  ],
])("%s", async (_title, cell, expected) => {
  expect(await session.value(cell)).toEqual(expected);
});

test("a later cell declares the decorated class again, and uses decorators of earlier cells", async () => {
  await session.run(
    "const shout = (f: any) => () => f() + '!'; class Re { @shout m() { return 'one' } }",
  );
  await session.run("class Re { @shout m() { return 'two' } }");
  expect(await session.value("new Re().m()")).toBe("two!");
});

test.each([
  ["class Bad1 { @(5 as any) m() {} }", /A decorator must be a function, got 5 on m/],
  ["class Bad2 { @((() => 7) as any) m() {} }", /must return a function or undefined, got 7/],
  ["class Bad3 { @((f: any) => f) #m() {} }", /private method #m.*Make it public/],
])("%s says what is wrong", async (cell, message) => {
  const { thrown } = await session.run(cell);
  expect(thrown).toBeInstanceOf(TypeError);
  expect(String(thrown)).toMatch(message);
});
