// The debugger over the protocol, as JupyterLab's panel uses it: every message is validated, every stop is real.
// Covers: kernel/debug/*.ts, kernel/execute/inspector-client.ts, kernel/execute/runtime/debug-link.ts, kernel/handlers/debug.ts
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "oxc-transform";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { DebugClient, valuesOf as values } from "../support/debug-client.ts";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;
let client: DebugClient;
beforeAll(async () => {
  kernel = await TestKernel.start();
  client = new DebugClient(kernel);
});
afterEach(async () => {
  await client.ask("disconnect", { restart: false, terminateDebuggee: false });
});
afterAll(async () => {
  await kernel.stop();
});

describe("a breakpoint in a cell", () => {
  const CODE = `interface Point { x: number; y: number }
// a comment

function norm(p: Point): number {
  const s: number = p.x * p.x +
    p.y * p.y;
  return Math.sqrt(s);
}
const length = norm({ x: 3, y: 4 });
length`;

  test("stops on its TypeScript line, with the variables of the function and of the cells", async () => {
    await client.attach();
    const { path, lines } = await client.breakAt(CODE, [7]);
    expect(lines).toEqual([7]);
    const { id, reply } = client.begin(CODE);
    const { body, frames } = await client.stopped();
    expect(body).toMatchObject({ reason: "breakpoint", threadId: 1, allThreadsStopped: true });
    expect(frames.map(({ name, line }) => `${name}:${line}`)).toEqual([
      "norm:7",
      expect.stringMatching(/^cell \[\d+\]:9$/),
    ]);
    expect(frames[0]?.source.path).toBe(path);
    const { Locals, Globals } = await client.scopes();
    expect(values(Locals ?? {})).toEqual({ p: "{ x: 3, y: 4 }", s: "25" });
    expect(Object.keys(Globals ?? {})).toContain("norm");
    expect(values(await client.inside(Locals?.["p"]?.variablesReference ?? 0))).toEqual({
      x: "3",
      y: "4",
    });
    expect(await client.must("continue", { threadId: 1 })).toEqual({ allThreadsContinued: true });
    await client.event("continued");
    expect((await reply).content["status"]).toBe("ok");
    await kernel.idle(id);
  });

  test("on a line without a statement moves to the next one", async () => {
    await client.attach();
    expect((await client.breakAt(CODE, [1])).lines).toEqual([4]);
    expect((await client.breakAt(CODE, [9, 10])).lines).toEqual([9, 10]);
  });

  test("in a function of a cell that ran before is hit when a later cell calls it", async () => {
    await kernel.execute(CODE);
    await client.attach();
    const { path } = await client.breakAt(CODE, [5]);
    const { id, reply } = client.begin("norm({ x: 1, y: 2 })");
    const { frames } = await client.stopped();
    expect(frames[0]).toMatchObject({ name: "norm", line: 5, source: { path } });
    await client.must("continue");
    await reply;
    await kernel.idle(id);
  });
});

/** Runs a cell that is about to stop; `finish` continues it to its end. */
async function run(code: string): Promise<{ finish: () => Promise<string> }> {
  const { id, reply } = client.begin(code);
  return {
    finish: async () => {
      await client.must("continue");
      const { content } = await reply;
      await kernel.idle(id);
      return String(content["ename"] ?? content["status"]);
    },
  };
}

describe("steps", () => {
  const CODE = `function outer(x: number): number {
  const a = inner(x);
  return a + 1;
}
function inner(x: number): number {
  return x * 2;
}
let total = 0;
total += outer(1);
await Promise.resolve(1);
total += 5;
total;`;

  test("go over, into and out of functions, over an await, and past the end of the cell", async () => {
    await client.attach();
    await client.breakAt(CODE, [9]);
    const { id, reply } = client.begin(CODE);
    const cell = expect.stringMatching(/^cell \[\d+\]:9$/);
    const at = (line: number) => [expect.stringMatching(new RegExp(`^cell \\[\\d+\\]:${line}$`))];
    expect(await client.stop()).toEqual([cell]);
    await client.must("stepIn");
    expect(await client.stop()).toEqual(["outer:2", cell]);
    await client.must("stepIn");
    expect(await client.stop()).toEqual(["inner:6", "outer:2", cell]);
    await client.must("stepOut");
    expect(await client.stop()).toEqual([expect.stringMatching(/^outer:[23]$/), cell]);
    await client.must("stepOut");
    expect(await client.stop()).toEqual(at(10));
    await client.must("next");
    expect(await client.stop()).toEqual(at(11));
    await client.must("next");
    expect(await client.stop()).toEqual(at(12));
    await client.must("next");
    await reply;
    await kernel.idle(id);
    expect((await kernel.execute("total")).result).toEqual({ "text/plain": "8" });
  });
});

describe("a step past the end of a cell", () => {
  test.each(["next", "stepIn", "stepOut"])(
    "with %s ends it, and leaves the next cell alone",
    async (step) => {
      const code = `const step_${step} = 1;\nstep_${step} + 1;`;
      await client.attach();
      await client.breakAt(code, [2]);
      const { id, reply } = client.begin(code);
      await client.stop();
      await client.must(step);
      expect((await reply).content["status"]).toBe("ok");
      await kernel.idle(id);
      expect((await kernel.execute("[3, 4].map((x) => x + 1)")).result).toEqual({
        "text/plain": "[ 4, 5 ]",
      });
    },
  );

  test("with stepIn goes into a callback that Node calls", async () => {
    const code =
      "import { EventEmitter } from 'node:events';\nconst emitter = new EventEmitter().on('x', () => {\n  return 1;\n});\nemitter.emit('x');";
    await client.attach();
    await client.breakAt(code, [5]);
    const cell = await run(code);
    await client.stop();
    await client.must("stepIn");
    expect((await client.stop())[0]).toBe("(anonymous):3");
    await cell.finish();
  });
});

describe("breakpoints stop", () => {
  test("on the lines that have statements, whatever the compiler makes of them", async () => {
    const code = `%time 1 + 1
enum Color { Red, Green }
class Point<T> {
  constructor(public x: number, private y: T) {}
  get sum(): number {
    return this.x + Number(this.y);
  }
}
const list = [1, 2]
  .map((x) => x * 2)
  .filter((x) => {
    return x > 2;
  });
label: for (const x of list) {
  await Promise.resolve(x);
  break label;
}
const object: { a: number } = {
  a: new Point(1, "2").sum,
};
export const last = { ...object, color: Color.Green };
last;`;
    await client.attach();
    // The end of the class is a place of its own for some versions of V8 only.
    const every = code
      .split("\n")
      .map((_line, index) => index + 1)
      .filter((line) => line !== 7 && line !== 8);
    const { lines } = await client.breakAt(code, every);
    expect(lines).toEqual([
      1, 2, 3, 4, 6, 6, 9, 10, 11, 12, 14, 14, 15, 16, 18, 18, 19, 21, 21, 22,
    ]);
  });

  test("several times in one cell, in a loop too", async () => {
    const code = "let n = 0;\nfor (let i = 0; i < 3; i++) {\n  n += i;\n}\nn";
    await client.attach();
    await client.breakAt(code, [3, 5]);
    const { id, reply } = client.begin(code);
    const lines: string[] = [];
    for (let stop = 0; stop < 4; stop++) {
      lines.push(...(await client.stop()));
      await client.must("continue");
    }
    expect(lines.map((line) => line.replace(/.*:/, ""))).toEqual(["3", "3", "3", "5"]);
    await reply;
    await kernel.idle(id);
  });

  test("after an await, in an async function, and in a timer that a cell left behind", async () => {
    const code = `async function later(): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 1));
  return "later";
}
await later();
setTimeout(() => {
  globalThis.rang = true;
}, 1);`;
    await client.attach();
    await client.breakAt(code, [3, 7]);
    const { id, reply } = client.begin(code);
    expect((await client.stop())[0]).toBe("later:3");
    await client.must("continue");
    await reply;
    await kernel.idle(id);
    expect((await client.stop())[0]).toBe("(anonymous):7");
    const answer = await client.ask("evaluate", { expression: "globalThis.rang ?? 'not yet'" });
    expect(answer.body).toMatchObject({ result: '"not yet"' });
    await client.must("continue");
    await client.event("continued");
  });

  test("only where their condition holds, in TypeScript, and at the wanted hit", async () => {
    const code = "for (let i = 0; i < 6; i++) {\n  const odd = i % 2;\n  void odd;\n}";
    await client.attach();
    await client.breakAt(code, [
      { line: 3, condition: "(odd as number) === 1", hitCondition: "2" },
    ]);
    const cell = await run(code);
    await client.stopped();
    expect(values((await client.scopes())["Locals"] ?? {})).toEqual({ i: "3", odd: "1" });
    expect(await cell.finish()).toBe("ok");
  });

  test("as log points print and run on", async () => {
    const code = "for (let i = 0; i < 2; i++) {\n  void i;\n}";
    await client.attach();
    await client.breakAt(code, [{ line: 2, logMessage: "i is {i}" }]);
    expect((await kernel.execute(code)).stdout).toBe("i is 0\ni is 1\n");
  });

  test("no more when they are taken away, and again after a second round", async () => {
    const code = "const once = 1;\nonce + 1";
    for (const round of [1, 2]) {
      await client.attach();
      await client.breakAt(code, [2]);
      const cell = await run(code);
      expect((await client.stop())[0], `round ${round}`).toMatch(/:2$/);
      await cell.finish();
      await client.breakAt(code, []);
      expect((await kernel.execute(code)).reply["status"]).toBe("ok");
      await client.must("disconnect");
      expect((await kernel.execute(code)).reply["status"]).toBe("ok");
    }
  });

  test("where the code has changed: each text of a cell has its own", async () => {
    const before = "let edited = 1;\nedited += 1;";
    const after = `// a new first line\n${before}`;
    await client.attach();
    const first = await client.breakAt(before, [2]);
    const second = await client.breakAt(after, [3]);
    expect(first.path).not.toBe(second.path);
    const cell = await run(after);
    const { frames } = await client.stopped();
    expect(frames[0]).toMatchObject({ line: 3, source: { path: second.path } });
    await cell.finish();
  });

  test("at a debugger statement, and where pause is asked for in a busy loop", async () => {
    await client.attach();
    const cell = await run("let halted = 1;\ndebugger;\nhalted");
    expect((await client.stopped()).body).toMatchObject({ description: "debugger statement" });
    await cell.finish();
    const loop = client.begin("let spins = 0;\nconsole.log('spins');\nwhile (spins >= 0) spins++;");
    await kernel.until(() => kernel.textOf(loop.id).includes("spins"), "the loop");
    await client.must("pause");
    const { body, frames } = await client.stopped();
    expect(body).toMatchObject({ reason: "pause" });
    expect(frames[0]?.line).toBe(3);
    await client.must("evaluate", { expression: "spins = -10", frameId: frames[0]?.id });
    await client.must("continue");
    expect((await loop.reply).content["status"]).toBe("ok");
    await kernel.idle(loop.id);
  });
});

describe("modules", () => {
  const SOURCE = `interface Skipped { x: number }

export function twice(x: number): number {
  const y: number = x * 2;
  return y;
}
`;

  test("imported from the notebook's folder stop on their TypeScript lines, also after an edit", async () => {
    const path = join(kernel.folder, "twice.ts");
    writeFileSync(path, SOURCE);
    await client.attach();
    expect(await client.breakInFile(path, [5])).toEqual([5]);
    const code = "import { twice } from './twice.ts';\ntwice(21)";
    const cell = await run(code);
    const { frames } = await client.stopped();
    expect(frames.map(({ name, line }) => `${name}:${line}`)).toEqual([
      "twice:5",
      expect.stringMatching(/:2$/),
    ]);
    expect(frames[0]?.source.path).toBe(path);
    expect(values((await client.scopes())["Locals"] ?? {})).toEqual({ x: "21", y: "42" });
    expect(await client.must("source", { source: { path } })).toEqual({ content: SOURCE });
    const { modules } = await client.must<{ modules: { path: string }[] }>("modules");
    expect(modules.map((module) => module.path)).toContain(path);
    await cell.finish();

    writeFileSync(path, SOURCE.replace("x * 2", "x * 3"));
    const again = await run(code);
    expect((await client.stop())[0]).toBe("twice:5");
    await again.finish();
  });

  test("that carry source maps stop in the TypeScript that they were made from", async () => {
    const folder = join(kernel.folder, "node_modules", "mapped");
    mkdirSync(join(folder, "src"), { recursive: true });
    const path = join(folder, "src", "index.ts");
    const { code, map } = transformSync("../src/index.ts", SOURCE, { sourcemap: true });
    mkdirSync(join(folder, "dist"));
    writeFileSync(
      join(folder, "package.json"),
      '{"name":"mapped","type":"module","main":"dist/index.js"}',
    );
    writeFileSync(path, SOURCE);
    writeFileSync(join(folder, "dist", "index.js"), `${code}\n//# sourceMappingURL=index.js.map`);
    writeFileSync(
      join(folder, "dist", "index.js.map"),
      JSON.stringify({ ...map, sourcesContent: undefined }),
    );
    await kernel.execute("import { twice as double } from 'mapped'; double(1)");
    await client.attach();
    expect(await client.breakInFile(path, [5])).toEqual([5]);
    const cell = await run("double(21)");
    const { frames } = await client.stopped();
    expect(frames[0]).toMatchObject({ name: "twice", line: 5, source: { path } });
    const { modules } = await client.must<{ modules: { name: string }[] }>("modules");
    expect(modules.map(({ name }) => name)).toContain("mapped/src/index.ts");
    await cell.finish();
  });

  test("of packages stop in their JavaScript", async () => {
    const folder = join(kernel.folder, "node_modules", "halver");
    mkdirSync(folder, { recursive: true });
    const path = join(folder, "index.js");
    writeFileSync(join(folder, "package.json"), '{"name":"halver","main":"index.js"}');
    writeFileSync(path, "module.exports = function halve(x) {\n  return x / 2;\n};\n");
    await kernel.execute("import halve from 'halver'; halve(2)");
    await client.attach();
    expect(await client.breakInFile(path, [2])).toEqual([2]);
    const cell = await run("halve(4)");
    const { frames } = await client.stopped();
    expect(frames[0]).toMatchObject({ name: "halve", line: 2, source: { path } });
    await cell.finish();
  });

  test("of the kernel and of Node are neither shown nor stepped into", async () => {
    const code = "display({ a: 1 });\nconsole.log('x');\n'end'";
    await client.attach();
    await client.breakAt(code, [1]);
    const { id, reply } = client.begin(code);
    expect(await client.stop()).toEqual([expect.stringMatching(/:1$/)]);
    await client.must("stepIn");
    expect(await client.stop()).toEqual([expect.stringMatching(/:2$/)]);
    await client.must("stepIn");
    expect(await client.stop()).toEqual([expect.stringMatching(/:3$/)]);
    await client.must("continue");
    await reply;
    await kernel.idle(id);
    const { modules } = await client.must<{ modules: { path: string }[] }>("modules");
    expect(modules.filter((module) => module.path.includes("kernel/execute"))).toEqual([]);
  });
});
