"""Snippets. LANG is one of: ts (generic TypeScript; rich output by the Jupyter.display symbol), deno, tslab, jslab,
ijs (IJavascript), py (IPython), gradlab (our own kernel).
The mark  ‸  in completion / inspection samples is the cursor."""
import copy

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PLOTLY = '{"data":[{"type":"scatter","x":[1,2,3],"y":[4,1,9]}],"layout":{"title":{"text":"t"}}}'

TYPED30 = '''interface Sample { id: number; label: string; features: number[]; weight?: number }
type Stats = { mean: number; std: number; n: number };
function describe(rows: Sample[]): Map<string, Stats> {
  const groups = new Map<string, number[]>();
  for (const r of rows) {
    const v = r.features.reduce((a, b) => a + b, 0) * (r.weight ?? 1);
    const g = groups.get(r.label);
    if (g) g.push(v);
    else groups.set(r.label, [v]);
  }
  const out = new Map<string, Stats>();
  for (const [k, vs] of groups) {
    const mean = vs.reduce((a, b) => a + b, 0) / vs.length;
    const std = Math.sqrt(vs.reduce((a, b) => a + (b - mean) ** 2, 0) / vs.length);
    out.set(k, { mean, std, n: vs.length });
  }
  return out;
}
const rows: Sample[] = [];
for (let i = 0; i < 100; i++) {
  rows.push({
    id: i,
    label: i % 3 === 0 ? "a" : i % 3 === 1 ? "b" : "c",
    features: [i, i * 2, i * 3],
    weight: i % 2 ? 1 : undefined,
  });
}
const table = describe(rows);
const answer: number = table.get("a")!.n;
answer'''

TS = dict(
    family="ts",
    one="1+1", one_expect="2",
    hello='console.log("hello, world")', stderr='console.error("to-stderr")',
    typed30=TYPED30, typed30_expect="34",
    unique=lambda i: f'''interface Rec{i} {{ a: number; b: string; c: {{ d: number[] }} }}
function mk{i}(n: number): Rec{i} {{ return {{ a: n, b: String(n), c: {{ d: [n, n + 1] }} }}; }}
const rec{i} = mk{i}({i});
const sum{i}: number = rec{i}.c.d.reduce((x, y) => x + y, 0);
sum{i}''',
    unique_expect=lambda i: str(2 * i + 1),
    after200=lambda i: f"rec{i}.‸", after200_expect=["a", "b", "c"],
    completion=[
        dict(name="executed interface value", setup="interface Point3 { xcoord: number; ycoord: number; norm(): number }\nconst pt: Point3 = { xcoord: 1, ycoord: 2, norm() { return 5; } };", code="pt.‸", expect=["xcoord", "ycoord", "norm"]),
        dict(name="type only (parameter, nothing ran)", code="function onlyTyped(q: { rank: number; shape: number[] }) { return q.‸ }", expect=["rank", "shape"], typed=True),
        dict(name="interface declared in the same cell, not run", code="interface Fresh { freshOne: string; freshTwo: number }\ndeclare const fr: Fresh;\nfr.‸", expect=["freshOne", "freshTwo"], typed=True),
        dict(name="interface from an earlier cell as parameter type", setup="interface Layer0 { units: number; activation: string }", code="const fwd = (l: Layer0) => l.‸", expect=["units", "activation"], typed=True),
        dict(name="chained call return type", setup="function mkBox() { return { wide: 1, tall: 2 }; }", code="mkBox().‸", expect=["wide", "tall"], typed=True),
        dict(name="Math.", code="Math.‸", expect=["sqrt", "max", "PI"]),
        dict(name="Math.sq (prefix)", code="Math.sq‸", expect=["sqrt"]),
        dict(name="node module executed import", setup='import * as fsC from "node:fs";', code="fsC.readF‸", expect=["readFileSync"]),
        dict(name="node module import in the same cell", code='import * as pathC from "node:path";\npathC.base‸', expect=["basename"], typed=True),
        dict(name="npm module typed result", code='import { mk } from "tinyfix";\nmk({ alpha: 1 }).‸', expect=["beta"], typed=True),
        dict(name="object literal keys from a contextual type", setup="interface Opt0 { learningRate: number; momentum?: number }\nfunction train0(o: Opt0) { return o; }", code="train0({ ‸ })", expect=["learningRate", "momentum"], typed=True),
        dict(name="string literal union", code='const col: "red" | "green" = "‸"', expect=["red", "green"], typed=True),
        dict(name="import path", code='import {} from "./loc‸"', expect=["local_mod"], typed=True),
        dict(name="global name", setup="const globallyNamedThing = 1;", code="globallyNam‸", expect=["globallyNamedThing"]),
        dict(name="keyword", code="func‸", expect=["function"]),
        dict(name="after astral character (cursor in code points)", code='const sm = "😀😀"; sm.toUpp‸', expect=["toUpperCase"], cursor=True, typed=True),
        dict(name="private member hidden from outside", setup="class Sec0 { private hiddenP = 1; shownP = 2 }\nconst sec0 = new Sec0();", code="sec0.‸", expect=["shownP"], forbid=["hiddenP"], typed=True),
        dict(name="array element method by inference", code="[{ deepKey: 1 }].map(e => e.‸)", expect=["deepKey"], typed=True),
    ],
    inspect=[
        dict(name="function with JSDoc", setup="/** Scales a value.\n * @param k the factor */\nfunction scaleIt(v: number, k: number = 2): number { return v * k; }", code="scal‸eIt(1)", expect=["number", "scaleIt"], doc="Scales a value"),
        dict(name="const from an earlier cell", setup="const lr0 = { rate: 0.1, decay: [1, 2] };", code="lr‸0", expect=["rate", "decay"]),
        dict(name="Math.max", code="Math.ma‸x(1, 2)", expect=["number"], doc="larger"),
        dict(name="interface name", setup="interface Hov { alpha: number }", code="let h0: Ho‸v", expect=["Hov"]),
        dict(name="generic instantiation", code="const mm = [1, 2].ma‸p(x => String(x))", expect=["string"]),
        dict(name="unknown name", code="nonExi‸stent0", expect=None),
    ],
    diag=[
        dict(name="type mismatch line 3", code='console.log("side-A");\nconst okv: number = 1;\nconst badv: number = "hello";\nconsole.log("side-B");', line=3, expect=["not assignable to type 'number'"]),
        dict(name="cross-cell argument type", setup="function need(o: { alpha: number }): number { return o.alpha; }", code='const zz = 1;\nneed({ alpha: "x" });', line=2, expect=["not assignable to type 'number'"]),
        dict(name="unknown member (interface in an earlier cell)", setup="interface Pq { xx: number }\nconst pq: Pq = { xx: 1 };", code="pq.yy", line=1, expect=["Property 'yy' does not exist"]),
        dict(name="wrong npm call", setup="", code='import { mk } from "tinyfix";\nmk({ alfa: 1 });', line=2, expect=["alfa"]),
        dict(name="missing name", code="const q1 = 1;\nnotDefinedAnywhere + 1", line=2, expect=["notDefinedAnywhere"]),
        dict(name="strict null check", code="function maybe(): string | undefined { return undefined; }\nmaybe().length", line=2, expect=["possibly", "undefined"]),
        dict(name="implicit any (strict)", code="function imp(a, b) { return a; }", line=1, expect=["implicitly"]),
        dict(name="syntax error line 3", code="const a1 = 1;\nconst b1 = 2;\nconst c1 = (3 + ;", line=3, expect=["xpression expected", "Unexpected token", "SyntaxError", "xpected"]),
    ],
    runtime=[
        dict(name="throw at line 7 under erased types, called at 9", code='interface Erased {\n  a: number;\n  b: string;\n}\ntype AlsoErased = { c: number };\nfunction boom(x: Erased): never {\n  throw new RangeError("boom-" + x.a);\n}\nboom({ a: 7, b: "q" });', lines=[7, 9], ename="RangeError", evalue="boom-7"),
        dict(name="throw in a function of an earlier cell", setup='function later(n: number) {\n  if (n > 1) {\n    throw new TypeError("late");\n  }\n}', code="const pad = 1;\n\nlater(5)", lines=[3, 3], ename="TypeError", evalue="late"),
        dict(name="async rejection after await", code='async function af(): Promise<void> {\n  await null;\n  throw new Error("async-boom");\n}\nawait af();', lines=[3, 5], ename="Error", evalue="async-boom"),
        dict(name="enum and parameter property above (emit adds lines)", code='enum Col { Red, Green, Blue }\nclass PP {\n  constructor(private a: number, readonly b: string) {}\n  go() {\n    (undefined as any).x;\n  }\n}\nnew PP(1, "b").go();', lines=[5, 8], ename="TypeError", evalue="undefined"),
        dict(name="throw of a string", code='throw "plain-str"', lines=[], ename=None, evalue="plain-str"),
        dict(name="throw of an object", code="throw { code: 51 }", lines=[], ename=None, evalue="51"),
        dict(name="error with cause", code='throw new Error("outer", { cause: new Error("inner-cause") })', lines=[], ename="Error", evalue="outer", also="inner-cause"),
        dict(name="custom class and property", code='class MyErr extends Error { constructor(public extra: number) { super("mine"); this.name = "MyErr"; } }\nthrow new MyErr(9);', lines=[2], ename="MyErr", evalue="mine"),
    ],
    survive=[
        dict(name="unhandled rejection", code='Promise.reject(new Error("unhandled-x")); "ok0"', wait=0.4, expect="unhandled-x"),
        dict(name="throw in a timer", code='setTimeout(() => { throw new Error("timer-boom"); }, 20); "ok1"', wait=0.6, expect="timer-boom"),
        dict(name="stack overflow", code="function rec0(): number { return 1 + rec0(); }\nrec0()", wait=0, expect="call stack"),
        dict(name="huge array allocation", code="new Array(-1)", wait=0, expect="Invalid array length"),
    ],
    exit="import * as prX from 'node:process';\nprX.exit(3)",
    keep_set="var keepMe = 123;", keep_get="keepMe", keep_expect="123",
    interrupt=[
        dict(name="while(true){}", code="while (true) {}"),
        dict(name="await never", code="await new Promise(() => {})"),
        dict(name="await sleep 30 s", code="await new Promise(r => setTimeout(r, 30000))"),
        dict(name="endless microtasks", code="for (;;) await null;"),
        dict(name="endless regex", code='/^(a+)+$/.test("a".repeat(40) + "b")'),
        dict(name="try/catch/finally swallower", code="while (true) { try { while (true) {} } catch (e) {} finally {} }"),
        dict(name="timer storm: setInterval busy", code="const stormP = new Promise(() => { setInterval(() => { const e = Date.now() + 50; while (Date.now() < e); }, 1); });\nawait stormP"),
    ],
    cpu3="{ const tEnd = Date.now() + 3000; while (Date.now() < tEnd) {} }\n'cpu-done'",
    tla=[
        dict(name="await in const + use", code="const tl: number = await Promise.resolve(41); tl + 1", expect="42"),
        dict(name="for await", code='for await (const v of (async function* () { yield 1; yield 2; })()) console.log("fa", v)', expect="fa 2"),
        dict(name="last expression is await", code="await Promise.resolve({ ok: 77 })", expect="77"),
        dict(name="name from an awaited cell used later", pre=["const w0 = await Promise.resolve(9);"], code="w0 * 2", expect="18"),
        dict(name="function next to await, used later", pre=["const w1 = await Promise.resolve(3); function useW() { return w1; }"], code="useW()", expect="3"),
        dict(name="bare promise as last value is shown resolved or as Promise", code="Promise.resolve(5)", expect=""),
        dict(name="dynamic import", code='const m3 = await import("node:url"); typeof m3.pathToFileURL', expect="function"),
    ],
    redeclare=[
        dict(name="const", cells=["const rc = 1", "const rc = 2"], code="rc", expect="2"),
        dict(name="let", cells=["let rl = 1", "let rl = 2"], code="rl", expect="2"),
        dict(name="const then let", cells=["const cl = 1", "let cl = 2"], code="cl", expect="2"),
        dict(name="class", cells=["class RC { a() { return 1; } }", "class RC { b() { return 22; } }"], code="new RC().b()", expect="22"),
        dict(name="function", cells=["function rf() { return 1; }", "function rf(x: string) { return x + '!'; }"], code="rf('hey')", expect="hey!"),
        dict(name="interface, new shape", cells=["interface RI { a: number }\nconst ri: RI = { a: 1 };", "interface RI { b: string }"], code="const ri2: RI = { b: 'shape2' }; ri2.b", expect="shape2"),
        dict(name="type alias", cells=["type RT = number", "type RT = string"], code="const rt: RT = 'alias2'; rt", expect="alias2"),
        dict(name="enum", cells=["enum RE { A }", "enum RE { B = 7 }"], code="RE.B", expect="7"),
        dict(name="variable changes its type", cells=["const tc: number = 1", "const tc: string = 'str9'"], code="tc.toUpperCase()", expect="STR9"),
        dict(name="same cell twice", cells=["const sc = [1, 2, 3]; function scf() { return sc.length; }", "const sc = [1, 2, 3]; function scf() { return sc.length; }"], code="scf() + 40", expect="43"),
        dict(name="let mutated by later cells", cells=["let cnt = 0", "cnt++", "cnt += 1"], code="cnt + 1000", expect="1002"),
        dict(name="closure sees a later cell's assignment", cells=["let n1 = 1; function getN() { return n1; }", "n1 = 555"], code="getN()", expect="555"),
        dict(name="later cell sees a closure's assignment", cells=["let n2 = 1; function setN() { n2 = 777; }", "setN()"], code="n2", expect="777"),
        dict(name="timer callback mutates, later cell sees it", cells=["let n3 = 0; setTimeout(() => { n3 = 888; }, 10);", "await new Promise(r => setTimeout(r, 80))"], code="n3", expect="888"),
        dict(name="destructuring", cells=["const { d1, d2: [d3, ...d4] } = { d1: 5, d2: [6, 7, 8] };"], code="[d1, d3, d4.length].join('-')", expect="5-6-2"),
        dict(name="old function keeps the old class (no rebinding surprise)", cells=["class K1 { v = 1 }\nconst k1 = new K1();", "class K1 { v = 2 }"], code="`${k1.v}|${new K1().v}`", expect="1|2"),
        dict(name="name clash with globals: name, status, length", cells=["const name = 'nm'; let status = 'st'; var length = 3;"], code="name + status + length", expect="nmst3"),
        dict(name="assignment to const of an earlier cell is an error", cells=["const kk = 1"], code="kk = 2", expect_error=True),
        dict(name="failed cell leaves earlier bindings alone", cells=["const fk = 'kept'", "const fk = (() => { throw new Error('x'); })()"], code="fk", expect="kept"),
        dict(name="generic class across cells, typed", cells=["class Stack<T> { private xs: T[] = []; push(x: T) { this.xs.push(x); return this; } pop(): T | undefined { return this.xs.pop(); } }", "const stk = new Stack<number>().push(4).push(5);"], code="(stk.pop() ?? 0) * 2", expect="10"),
        dict(name="namespace merging per redeclaration", cells=["namespace NS { export const a = 1 }", "namespace NS { export const b = 2 }"], code="NS.b", expect="2"),
    ],
    imports=[
        dict(name="node builtin namespace", code='import * as fs1 from "node:fs"; fs1.existsSync(".")', expect="true"),
        dict(name="node builtin named", code='import { basename } from "node:path"; basename("/a/bbz")', expect="bbz"),
        dict(name="node builtin default", code='import os1 from "node:os"; typeof os1.cpus', expect="function"),
        dict(name="npm (CJS+types) named", code='import { mk } from "tinyfix"; mk({ alpha: 3 }).beta', expect="b3"),
        dict(name="npm ESM-only", code='import { only } from "tinyesm"; only(2)', expect="esm2"),
        dict(name="relative .ts without extension", code='import { area } from "./local_mod"; area({ w: 2, h: 3 })', expect="6"),
        dict(name="relative .ts with extension", code='import { area as area2 } from "./local_mod.ts"; area2({ w: 2, h: 5 })', expect="10"),
        dict(name="relative .ts imports .ts with enum", code='import { kindOf } from "./local_enum.ts"; kindOf()', alt='import { kindOf } from "./local_enum"; kindOf()', expect="kind-1"),
        dict(name="json", code='import cfg from "./data.json" with { type: "json" }; cfg.answer', alt='import cfg from "./data.json"; cfg.answer', expect="4242"),
        dict(name="type-only import", code='import type { Shape } from "./local_mod"; const sh: Shape = { w: 1, h: 1 }; sh.w + 10', alt='import type { Shape } from "./local_mod.ts"; const sh: Shape = { w: 1, h: 1 }; sh.w + 10', expect="11"),
        dict(name="require", code='require("node:os").EOL.length', expect="1"),
        dict(name="import.meta.url", code="typeof import.meta.url", expect="string"),
        dict(name="imported name usable in the next cell", pre=['import { sep } from "node:path";'], code='sep + "S"', expect="/S"),
        dict(name="import in the middle of a cell", code='const im1 = 1; import { EOL } from "node:os"; EOL.length + im1', expect="2"),
        dict(name="missing module reports an error naming it", code='import { zz } from "no-such-module-q"; zz', expect_error="no-such-module-q"),
    ],
    reload=dict(file="local_reload.ts", v1='export const ver: string = "v-one";', v2='export const ver: string = "v-two";',
                code='import { ver } from "./local_reload.ts"; ver', alt='import { ver } from "./local_reload"; ver', expect=["v-one", "v-two"]),
    syntax=[
        dict(name="enum", code="enum E1 { A, B = 5 }; E1.B", expect="5"),
        dict(name="const enum", code="const enum CE { Q = 8 }; CE.Q", expect="8"),
        dict(name="namespace", code="namespace N1 { export const z = 6 }; N1.z", expect="6"),
        dict(name="TC39 decorator", code='function dec(v: any, c: ClassMethodDecoratorContext) { return function (this: any) { return "deco-" + String(c.name); }; }\nclass D1 { @dec m() { return "x"; } }\n(new D1() as any).m()', expect="deco-m"),
        dict(name="using", code='{ using h = { [Symbol.dispose]() { console.log("disposed-1"); } }; console.log("in"); }', expect="disposed-1"),
        dict(name="satisfies", code="const sat = { a: 1 } satisfies Record<string, number>; sat.a + 30", expect="31"),
        dict(name="parameter properties", code="class PP1 { constructor(public q: number) {} }; new PP1(17).q", expect="17"),
        dict(name="auto-accessor", code="class AA { accessor v = 3 }; new AA().v + 50", expect="53"),
        dict(name="private #field + static block", code="class Pv { #x = 2; static s = 0; static { Pv.s = 61; } get() { return this.#x; } }; Pv.s + new Pv().get()", expect="63"),
        dict(name="export in a cell", code="export const exq = 71; exq", expect="71"),
        dict(name="import x = require", code='import pth = require("path"); pth.basename("/a/iq")', expect="iq"),
        dict(name="JSX", code='const React = { createElement: (t: any, p: any, ...c: any[]) => t + ":" + c.join("") };\nconst el = <b>jsx-ok</b>; el', expect="b:jsx-ok", optional=True),
        dict(name="conditional types", code="type El<T> = T extends (infer U)[] ? U : never; const e2: El<number[]> = 81; e2", expect="81"),
        dict(name="regex v flag", code='/[\\p{L}--[a-z]]/v.test("A")', expect="true"),
        dict(name="Array.fromAsync", code="(await Array.fromAsync([Promise.resolve(91)]))[0]", expect="91"),
        dict(name="toSorted / groupBy", code="[3, 1, 2].toSorted().join('') + Object.keys(Object.groupBy([1, 2], x => x % 2 ? 'odd' : 'even')).length", expect="1232"),
        dict(name="top-level object literal as last expression", code="({ topObj: 1 })", expect="topObj"),
        dict(name="bare object literal { a: 1 }", code="{ bare0: 1 }", expect="1"),
        dict(name="last statement with semicolon shows value", code="40 + 2;", expect="42"),
        dict(name="undefined is not shown", code="undefined", expect_empty=True),
        dict(name="declaration is not shown", code="const noshow = 5", expect_empty=True),
        dict(name="null is shown", code="null", expect="null"),
        dict(name="class instance preview", code="class Vis { alpha = 1; beta = [1, 2] }; new Vis()", expect="alpha"),
        dict(name="Map preview", code="new Map([['mk', { v: 1 }]])", expect="mk"),
        dict(name="typed array preview truncated", code="new Float32Array(100000)", expect="more items"),
    ],
    stream_sync='for (let i = 0; i < 3; i++) { console.log("tick" + i); const e = Date.now() + 400; while (Date.now() < e); }',
    stream_async='for (let i = 0; i < 3; i++) { console.log("tick" + i); await new Promise(r => setTimeout(r, 400)); }',
    big='for (let i = 0; i < 100000; i++) console.log("x".repeat(99));', big_bytes=10_000_000,
    big_one='console.log("y".repeat(10_000_000))',
    late=('setTimeout(() => console.log("late-A"), 300); "A"', "await new Promise(r => setTimeout(r, 700)); 'B'"),
    fd='import * as fsx from "node:fs"; fsx.writeSync(1, "fd1-direct\\n")', fd_expect="fd1-direct",
    child='import * as cpx from "node:child_process"; cpx.spawnSync("echo", ["child-out"], { stdio: "inherit" })', child_expect="child-out",
    worker='import { Worker as Wk } from "node:worker_threads"; new Wk(\'console.log("from-worker")\', { eval: true }); await new Promise(r => setTimeout(r, 900))', worker_expect="from-worker",
    stdoutw='process.stdout.write("raw-write\\n")', stdoutw_expect="raw-write",
    error_cell='throw new Error("stop here")',
    user_expr=("40+2", "42"),
    pwn='globalThis.pwned = 1', pwn_get='typeof (globalThis as any).pwned', pwn_safe="undefined",
    is_complete=dict(
        complete=["1", "const a = 1", "function f() { return 1 }", "`a${1}b`", '/[(]/.test("(")', "// comment (", "interface A { a: number }", 'const o = { a: "}" }', "if (true) { 1 }", 'const s = "it\'s"', "const re = /'/;", "class A<T> { m(): T { throw 1 } }", "type F = (a: number) => void", "await Promise.resolve(1)", "`${ `in${1}` }`", "x = a / b / c"],
        incomplete=["function f() {", "const a = [1,", "(1 + ", "`abc", "/* open", "class A {\n  m() {", "const x =", "if (x) {\n  y", "foo(", "const t: Array<", "a &&", "import { x", "`${ {a: 1}", "const f = async () => {", "@dec"],
        invalid=["const const = 1", ")", "let 1a = 2", "a b c", "const x = 5 5", "]", "}", "for (;;", ] ,
    ),
    jktest=dict(language_name="typescript", file_extension=".ts", code_hello_world='console.log("hello, world")', code_stderr='console.error("test")',
                completion_samples=[dict(text="Math.hyp", matches={"hypot"}), dict(text="JSON.")], complete_code_samples=["1", 'console.log("hello, world")', "function f(x: number) {\n  return x * 2;\n}\n\n\n"],
                incomplete_code_samples=['console.log("hello', "function f(x: number) {\n  x*2"][1:], invalid_code_samples=["import = 7q", "const const = 1"],
                code_generate_error='throw new Error("x")', code_execute_result=[dict(code="1+2+3", result="6"), dict(code="[0, 1, 2].map(n => n * n).join()"), dict(code="40 + 2", result="42")],
                code_history_pattern="1?2*", supported_history_operations=("tail", "search"), code_inspect_sample="Math.max"),
    display={}, input=None, comm=None, comm_target=None,
)
TS["is_complete"]["invalid"].remove("for (;;")
TS["is_complete"]["incomplete"].append("for (;;")

DENO = copy.copy(TS)
_d = lambda b: f"await Deno.jupyter.display({b}, {{ raw: true }})"
DENO.update(
    display=dict(
        html=_d('{"text/html": "<b>x</b>", "text/plain": "x"}'), png=_d(f'{{"image/png": "{PNG}"}}'), svg=_d('{"image/svg+xml": "<svg xmlns=\\"http://www.w3.org/2000/svg\\"/>"}'),
        markdown=_d('{"text/markdown": "# hi"}'), plotly=_d('{"application/vnd.plotly.v1+json": ' + PLOTLY + "}"), latex=_d('{"text/latex": "$x^2$"}'), javascript=_d('{"application/javascript": "1"}'), json=_d('{"application/json": {"a": 1}}'), vega=_d('{"application/vnd.vegalite.v5+json": {}}'),
        result_html='Deno.jupyter.html`<i>r</i>`', symbol='({ [Symbol.for("Jupyter.display")]() { return { "text/html": "<u>sym</u>", "text/plain": "sym" }; } })',
        update='await Deno.jupyter.display({"text/plain": "one"}, { raw: true, display_id: "d1" }); await Deno.jupyter.display({"text/plain": "two"}, { raw: true, update: true, display_id: "d1" })',
        update_other_cell='await Deno.jupyter.display({"text/plain": "three"}, { raw: true, update: true, display_id: "d1" })',
        clear='await Deno.jupyter.broadcast("clear_output", { wait: false })', metadata=None, buffers='await Deno.jupyter.broadcast("display_data", { data: {"text/plain": "b"}, metadata: {}, transient: {} }, { buffers: [new Uint8Array([1, 2, 3])] })'),
    input='const nm1 = prompt("your name?"); "got:" + nm1', password='const pw1 = prompt("pw?", "", { password: true }); "got:" + pw1',
    comm='await Deno.jupyter.broadcast("comm_open", { comm_id: "cid1", target_name: "bench", data: { a: 1 } }); await Deno.jupyter.broadcast("comm_msg", { comm_id: "cid1", data: { b: 2 } })', comm_target=None,
    fd='Deno.stdout.writeSync(new TextEncoder().encode("fd1-direct\\n"))', child='new Deno.Command("echo", { args: ["child-out"], stdout: "inherit" }).outputSync().code',
    stdoutw='import pr1 from "node:process"; pr1.stdout.write("raw-write\\n")', pwn_get="typeof globalThis.pwned",
)
TSLAB = copy.copy(TS)
TSLAB.update(
    display=dict(
        html='import * as tslab from "tslab"; tslab.display.html("<b>x</b>")', png=f'import * as tslab from "tslab"; tslab.display.png(Buffer.from("{PNG}", "base64"))',
        svg='import * as tslab from "tslab"; tslab.display.svg("<svg xmlns=\\"http://www.w3.org/2000/svg\\"/>")', markdown='import * as tslab from "tslab"; tslab.display.markdown("# hi")',
        plotly='import * as tslab from "tslab"; tslab.display.raw("application/vnd.plotly.v1+json", ' + PLOTLY + " as any)", latex='import * as tslab from "tslab"; tslab.display.latex("$x^2$")',
        javascript='import * as tslab from "tslab"; tslab.display.javascript("1")', json='import * as tslab from "tslab"; tslab.display.raw("application/json", {"a": 1} as any)', vega='import * as tslab from "tslab"; tslab.display.raw("application/vnd.vegalite.v5+json", {} as any)',
        symbol='({ [Symbol.for("Jupyter.display")]() { return { "text/html": "<u>sym</u>", "text/plain": "sym" }; } })', result_html=None,
        update='import * as tslab from "tslab"; const dd1 = tslab.newDisplay(); dd1.text("one"); dd1.text("two")', update_other_cell='dd1.text("three")', clear=None),
    jktest=dict(TS["jktest"]),
)
JSLAB = copy.copy(TSLAB)
JSLAB["family"] = "js"
IJS = copy.copy(TS)
IJS.update(
    family="js",
    typed30=TYPED30.split("\n", 2)[2].replace(": Map<string, Stats>", "").replace("rows: Sample[]", "rows").replace("<string, number[]>", "").replace("<string, Stats>", "").replace("const answer: number", "const answer").replace("!.n", ".n").replace("const rows", "var rows").replace("const table", "var table").replace("const answer", "var answer"),
    unique=lambda i: f'''function mk{i}(n) {{ return {{ a: n, b: String(n), c: {{ d: [n, n + 1] }} }}; }}
const rec{i} = mk{i}({i});
const sum{i} = rec{i}.c.d.reduce((x, y) => x + y, 0);
sum{i}''',
    display=dict(html='$$.html("<b>x</b>")', png=f'$$.png("{PNG}")', svg='$$.svg("<svg xmlns=\\"http://www.w3.org/2000/svg\\"/>")', markdown='$$.mime({"text/markdown": "# hi"})', plotly='$$.mime({"application/vnd.plotly.v1+json": ' + PLOTLY + "})", latex='$$.mime({"text/latex": "$x^2$"})', javascript='$$.mime({"application/javascript": "1"})', json='$$.mime({"application/json": {"a": 1}})', vega='$$.mime({"application/vnd.vegalite.v5+json": {}})',
                 result_html='({ _toHtml() { return "<i>r</i>"; } })', symbol='({ [Symbol.for("Jupyter.display")]() { return { "text/html": "<u>sym</u>", "text/plain": "sym" }; } })',
                 update='var dd1 = $$.display("d1"); dd1.text("one"); dd1.text("two"); 0', update_other_cell='dd1.text("three"); 0', clear='$$.clear(); 0'),
    input='$$.input({ prompt: "your name?" }, function (e, r) { $$.sendResult("got:" + (r && r.value !== undefined ? r.value : r)); })', password=None,
    keep_set="var keepMe = 123;", pwn_get="typeof globalThis.pwned", after200=lambda i: f"rec{i}.‸",
    fd='require("node:fs").writeSync(1, "fd1-direct\\n")', child='require("node:child_process").spawnSync("echo", ["child-out"], { stdio: "inherit" })', worker='new (require("node:worker_threads").Worker)(\'console.log("from-worker")\', { eval: true }); new Promise(r => setTimeout(r, 900))',
    exit="process.exit(3)",
    jktest=dict(TS["jktest"], language_name="javascript", file_extension=".js", complete_code_samples=["1", 'console.log("hello, world")', "function f(x) {\n  return x * 2;\n}\n\n\n"], incomplete_code_samples=["function f(x) {\n  x*2"]),
)

import re as _re


def _js(c):
    """Strip the few type forms that the runtime / redeclare / completion samples use, keeping lines."""
    c = _re.sub(r"(?m)^interface \w+ \{[^\n]*\}$", "", c)
    c = _re.sub(r"(?ms)^interface \w+ \{.*?^\}", lambda m: "\n" * m.group(0).count("\n"), c)
    c = _re.sub(r"(?m)^type \w+ = [^\n]*$", "", c)
    c = c.replace("(undefined as any)", "undefined").replace("<void>", "").replace("!", "!")
    return _re.sub(r"(\b(?:const|let|var) \w+|\(\w+|, \w+|\))(\?)?: (?:Point3|Erased|Promise|never|number|string|RI|RT|any)\b", r"\1", c)


IJS["completion"] = [dict(c, setup=_js(c["setup"])) if c.get("setup") else c for c in TS["completion"] if c["name"] not in ("interface from an earlier cell as parameter type",)]
IJS["inspect"] = [dict(c, setup=_js(c["setup"])) if c.get("setup") else c for c in TS["inspect"] if c["name"] not in ("interface name",)]
IJS["runtime"] = [dict(c, code=_js(c["code"]), **({"setup": _js(c["setup"])} if c.get("setup") else {})) for c in TS["runtime"] if "enum" not in c["name"] and "custom" not in c["name"] and "async" not in c["name"]]
IJS["redeclare"] = [dict(c, code=_js(c["code"]), cells=[_js(x) for x in c["cells"]]) for c in TS["redeclare"] if not any(w in c["name"] for w in ("interface", "alias", "enum", "generic", "namespace"))]

PY = copy.copy(TS)
PY.update(
    family="py", hello='print("hello, world")', stderr='import sys; print("to-stderr", file=sys.stderr)',
    typed30='''from dataclasses import dataclass
import math
@dataclass
class Sample:
    id: int
    label: str
    features: list
    weight: float = 1.0
def describe(rows):
    groups = {}
    for r in rows:
        v = sum(r.features) * r.weight
        g = groups.get(r.label)
        if g:
            g.append(v)
        else:
            groups[r.label] = [v]
    out = {}
    for k, vs in groups.items():
        mean = sum(vs) / len(vs)
        std = math.sqrt(sum((b - mean) ** 2 for b in vs) / len(vs))
        out[k] = dict(mean=mean, std=std, n=len(vs))
    return out
rows = []
for i in range(100):
    rows.append(Sample(id=i, label="abc"[i % 3],
        features=[i, i * 2, i * 3]))
table = describe(rows)
answer: int = table["a"]["n"]
answer''',
    unique=lambda i: f'''class Rec{i}:
    a: int
    b: str
def mk{i}(n): return dict(a=n, b=str(n), c=dict(d=[n, n + 1]))
rec{i} = mk{i}({i})
sum{i}: int = sum(rec{i}["c"]["d"])
sum{i}''',
    after200=lambda i: f"Rec{i}.__‸", after200_expect=["__annotations__"],
    completion=[dict(name="executed interface value", setup="class Point3:\n    def __init__(self): self.xcoord = 1; self.ycoord = 2\n    def norm(self): return 5\npt = Point3()", code="pt.‸", expect=["xcoord", "ycoord", "norm"]),
                dict(name="type only (parameter, nothing ran)", setup="class Only:\n    rank: int = 0\n    def shape(self): ...", code="def onlyTyped(q: Only):\n    return q.‸", expect=["rank", "shape"], typed=True),
                dict(name="Math.", setup="import math", code="math.‸", expect=["sqrt", "pi"]), dict(name="Math.sq (prefix)", code="math.sq‸", expect=["sqrt"]),
                dict(name="node module executed import", setup="import os.path as pathC", code="pathC.basen‸", expect=["basename"]),
                dict(name="node module import in the same cell", code="import shutil as sh0\nsh0.copyf‸", expect=["copyfile"], typed=True),
                dict(name="import path", code="import local_m‸", expect=["local_mod"], typed=True), dict(name="global name", setup="globallyNamedThing = 1", code="globallyNam‸", expect=["globallyNamedThing"]),
                dict(name="keyword", code="whil‸", expect=["while"]), dict(name="after astral character (cursor in code points)", code='sm = "😀😀"; sm.upp‸', expect=["upper"], cursor=True, typed=True)],
    inspect=[dict(name="function with JSDoc", setup='def scaleIt(v: float, k: float = 2) -> float:\n    """Scales a value."""\n    return v * k', code="scal‸eIt", expect=["scaleIt", "float"], doc="Scales a value"),
             dict(name="const from an earlier cell", setup="lr0 = dict(rate=0.1, decay=[1, 2])", code="lr‸0", expect=["rate", "decay"]), dict(name="unknown name", code="nonExi‸stent0", expect=None)],
    diag=[dict(name="missing name", code="q1 = 1\nnotDefinedAnywhere + 1", line=2, expect=["notDefinedAnywhere"]), dict(name="syntax error line 3", code="a1 = 1\nb1 = 2\nc1 = (3 + ;", line=3, expect=["SyntaxError", "invalid syntax"])],
    runtime=[dict(name="throw at line 7 under erased types, called at 9", code='class Erased:\n    a: int\n    b: str\n\n\ndef boom(x):\n    raise ValueError("boom-" + str(x))\n\nboom(7)', lines=[7, 9], ename="ValueError", evalue="boom-7"),
             dict(name="throw in a function of an earlier cell", setup='def later(n):\n    if n > 1:\n        raise TypeError("late")', code="pad = 1\n\nlater(5)", lines=[3, 3], ename="TypeError", evalue="late"),
             dict(name="async rejection after await", code='import asyncio\nasync def af():\n    await asyncio.sleep(0); raise RuntimeError("async-boom")\n\nawait af()', lines=[3, 5], ename="RuntimeError", evalue="async-boom"),
             dict(name="error with cause", code='raise ValueError("outer") from KeyError("inner-cause")', lines=[1], ename="ValueError", evalue="outer", also="inner-cause")],
    survive=[dict(name="stack overflow", code="def rec0(): return 1 + rec0()\nrec0()", wait=0, expect="recursion"), dict(name="throw in a timer", code='import threading\ndef _tb(): raise RuntimeError("timer-boom")\nthreading.Timer(0.02, _tb).start(); "ok1"', wait=0.6, expect="timer-boom")],
    exit="import os; os._exit(3)", keep_set="keepMe = 123", keep_get="keepMe",
    interrupt=[dict(name="while(true){}", code="while True: pass"), dict(name="await never", code="import asyncio\nawait asyncio.Event().wait()"), dict(name="await sleep 30 s", code="import asyncio\nawait asyncio.sleep(30)"),
               dict(name="endless microtasks", code="import asyncio\nwhile True: await asyncio.sleep(0)"), dict(name="endless regex", code='import re; re.match("^(a+)+$", "a" * 40 + "b")'), dict(name="try/catch/finally swallower", code="while True:\n    try:\n        while True: pass\n    except KeyboardInterrupt: pass")],
    cpu3="import time\ntEnd = time.time() + 3\nwhile time.time() < tEnd: pass\n'cpu-done'",
    tla=[dict(name="await in const + use", code="import asyncio\nasync def r41(): return 41\ntl = await r41(); tl + 1", expect="42"), dict(name="last expression is await", code="await r41()", expect="41")],
    redeclare=[dict(name="const", cells=["rc = 1", "rc = 2"], code="rc", expect="2"), dict(name="class", cells=["class RC:\n    def a(self): return 1", "class RC:\n    def b(self): return 22"], code="RC().b()", expect="22"),
               dict(name="closure sees a later cell's assignment", cells=["n1 = 1\ndef getN(): return n1", "n1 = 555"], code="getN()", expect="555")],
    imports=[dict(name="node builtin named", code='from os.path import basename; basename("/a/bbz")', expect="bbz"), dict(name="relative .ts without extension", code="from local_mod import area; area(2, 3)", expect="6"), dict(name="missing module reports an error naming it", code="import no_such_module_q", expect_error="no_such_module_q")],
    reload=dict(file="local_reload.py", v1='ver = "v-one"', v2='ver = "v-two+"', code="import importlib, local_reload; importlib.reload(local_reload); local_reload.ver", alt=None, expect=["v-one", "v-two"]),
    syntax=[], stream_sync='import time\nfor i in range(3):\n    print("tick%d" % i)\n    e = time.time() + 0.4\n    while time.time() < e: pass', stream_async='import asyncio\nfor i in range(3):\n    print("tick%d" % i)\n    await asyncio.sleep(0.4)',
    big='for i in range(100000): print("x" * 99)', big_one='print("y" * 10_000_000)',
    late=('import threading\nthreading.Timer(0.3, lambda: print("late-A")).start(); "A"', "import time\ntime.sleep(0.7); 'B'"),
    fd='import os; os.write(1, b"fd1-direct\\n"); None', child='import subprocess; subprocess.run(["echo", "child-out"]); None', worker='import threading\nt0 = threading.Thread(target=lambda: print("from-worker")); t0.start(); t0.join()', stdoutw='import sys; sys.stdout.write("raw-write\\n"); None',
    error_cell='raise RuntimeError("stop here")', pwn="pwned = 1", pwn_get="'pwned' in globals()", pwn_safe="False",
    is_complete=dict(complete=["1", "a = 1", "def f():\n    return 1\n\n", "# comment (", 'o = { "a": "}" }'], incomplete=["def f():", "a = [1,", "(1 + ", '"""abc', "if x:\n    y", "foo("], invalid=["import = 7q", "a b c", ")"]),
    jktest=dict(language_name="python", file_extension=".py", code_hello_world="print('hello, world')", code_stderr="import sys; print('test', file=sys.stderr)", completion_samples=[dict(text="zi", matches={"zip"})], complete_code_samples=["1", "print('hello, world')", "def f(x):\n  return x*2\n\n\n"], incomplete_code_samples=["print('''hello", "def f(x):\n  x*2"], invalid_code_samples=["import = 7q"],
                code_page_something="zip?", code_generate_error="raise", code_execute_result=[dict(code="1+2+3", result="6"), dict(code="[n*n for n in range(1, 4)]", result="[1, 4, 9]")], code_display_data=[dict(code="from IPython.display import HTML, display; display(HTML('<b>test</b>'))", mime="text/html")], code_history_pattern="1?2*", supported_history_operations=("tail", "search"), code_inspect_sample="zip", code_clear_output="from IPython.display import clear_output; clear_output()"),
    display=dict(html='from IPython.display import *; display(HTML("<b>x</b>"))', png=f'display({{"image/png": "{PNG}"}}, raw=True)', svg='display(SVG("<svg xmlns=\\"http://www.w3.org/2000/svg\\"/>"))', markdown='display(Markdown("# hi"))', plotly='display({"application/vnd.plotly.v1+json": ' + PLOTLY + "}, raw=True)", latex='display(Latex("$x^2$"))', javascript='display(Javascript("1"))', json='display(JSON({"a": 1}))', vega='display({"application/vnd.vegalite.v5+json": {}}, raw=True)',
                 result_html='HTML("<i>r</i>")', symbol='class S_:\n    def _repr_mimebundle_(self, include=None, exclude=None): return {"text/html": "<u>sym</u>", "text/plain": "sym"}\nS_()', update='h1 = display({"text/plain": "one"}, raw=True, display_id="d1"); h1.update({"text/plain": "two"}, raw=True)', update_other_cell='update_display({"text/plain": "three"}, raw=True, display_id="d1")', clear="clear_output()"),
    input='nm1 = input("your name?"); "got:" + nm1', password='import getpass; pw1 = getpass.getpass("pw?"); "got:" + pw1',
    comm='from ipykernel.comm import Comm\nc1 = Comm(target_name="bench", data={"a": 1}); c1.send({"b": 2})', comm_target='def _tgt(comm, msg):\n    @comm.on_msg\n    def _on(m): comm.send({"echo": m["content"]["data"]["x"] + 1})\nget_ipython().kernel.comm_manager.register_target("bench-t", _tgt)',
)
GRADLAB = copy.copy(TS)   # our own kernel: the same TypeScript snippets, its display, input and comm API
GRADLAB.update(
    display=dict(
        html='display.html("<b>x</b>")', png=f'display.png("{PNG}")', svg='display.svg("<svg xmlns=\\"http://www.w3.org/2000/svg\\"/>")', markdown='display.markdown("# hi")',
        plotly="display.plotly(" + PLOTLY + ")", latex='display.latex("$x^2$")', javascript='display.javascript("1")', json='display.json({ a: 1 })',
        vega='display({ $schema: "https://vega.github.io/schema/vega-lite/v5.json", data: { values: [{ a: 1 }] }, mark: "bar", encoding: {} })',
        result_html='({ toHTML() { return "<i>r</i>"; } })', symbol='({ [Symbol.for("Jupyter.display")]() { return { "text/html": "<u>sym</u>", "text/plain": "sym" }; } })',
        update='const dd1 = display.text("one"); dd1.update("two")', update_other_cell='dd1.update("three")', clear="clearOutput()",
        buffers='import { comms as commsB } from "gradlab/kernel";\ncommsB.open("bench-buffers", {}).send({ n: 3 }, { buffers: [new Uint8Array([1, 2, 3])] })'),
    input='const nm1 = prompt("your name?"); "got:" + nm1', password='const pw1 = password("pw?"); "got:" + pw1',
    comm='import { comms } from "gradlab/kernel";\nconst c1 = comms.open("bench", { a: 1 });\nc1.send({ b: 2 })',
    comm_target='import { comms as commsT } from "gradlab/kernel";\ncommsT.register("bench-t", (comm) => { comm.onMessage(({ data }) => comm.send({ echo: (data as { x: number }).x + 1 })); })')

for d, clear, disp in ((DENO, DENO["display"]["clear"], 'await Deno.jupyter.display({"text/html": "<b>test</b>"}, { raw: true })'), (IJS, "$$.clear(); 0", '$$.display().html("<b>test</b>"); 0'), (TSLAB, "", 'import * as tslab from "tslab"; tslab.display.html("<b>test</b>")'), (GRADLAB, GRADLAB["display"]["clear"], 'display.html("<b>test</b>")')):
    d["jktest"] = dict(d["jktest"], code_clear_output=clear, code_display_data=[dict(code=disp, mime="text/html")])
JSLAB["jktest"] = dict(TSLAB["jktest"], language_name="javascript", file_extension=".js", complete_code_samples=IJS["jktest"]["complete_code_samples"], incomplete_code_samples=IJS["jktest"]["incomplete_code_samples"])
JSLAB.update({k: IJS[k] for k in ("typed30", "unique")})

ALL = dict(ts=TS, deno=DENO, tslab=TSLAB, jslab=JSLAB, ijs=IJS, py=PY, gradlab=GRADLAB)

GRADLAB["jktest"]["code_page_something"] = "Math.max?"

FIXTURE = {
    "package.json": '{"name":"kbench-fixture","private":true,"version":"1.0.0","dependencies":{"tinyfix":"1.0.0","tinyesm":"1.0.0"}}',
    "node_modules/tinyfix/package.json": '{"name":"tinyfix","version":"1.0.0","main":"index.js","types":"index.d.ts"}',
    "node_modules/tinyfix/index.js": 'exports.mk = function (o) { return { beta: "b" + o.alpha }; };\n',
    "node_modules/tinyfix/index.d.ts": "/** Makes a beta. */\nexport declare function mk(o: { alpha: number }): { beta: string };\n",
    "node_modules/tinyesm/package.json": '{"name":"tinyesm","version":"1.0.0","type":"module","exports":{".":{"types":"./index.d.ts","import":"./index.js"}},"types":"index.d.ts"}',
    "node_modules/tinyesm/index.js": 'export function only(n) { return "esm" + n; }\n',
    "node_modules/tinyesm/index.d.ts": "export declare function only(n: number): string;\n",
    "local_mod.ts": "export interface Shape { w: number; h: number }\nexport function area(s: Shape): number { return s.w * s.h; }\n",
    "local_enum.ts": 'export enum Kind { A = 1 }\nexport function kindOf(): string { return "kind-" + Kind.A; }\n',
    "local_mod.py": "def area(w, h): return w * h\n",
    "data.json": '{"answer": 4242}\n',
}
