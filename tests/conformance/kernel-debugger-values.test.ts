// What the debugger shows and changes: variables, expressions, errors.
// Covers: kernel/debug/*.ts
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { DebugClient, valuesOf as values, type Frame } from "../support/debug-client.ts";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;
let client: DebugClient;
beforeAll(async () => {
  kernel = await TestKernel.start();
  client = new DebugClient(kernel);
});
afterEach(async () => {
  await client.ask("disconnect");
});
afterAll(async () => {
  await kernel.stop();
});

/** Runs a cell to a breakpoint on its last line. */
async function stopAtEnd(code: string): Promise<{ frame: Frame; finish: () => Promise<string> }> {
  await client.breakAt(code, [code.split("\n").length]);
  const { id, reply } = client.begin(code);
  const { frames } = await client.stopped();
  return {
    frame: frames[0] as Frame,
    finish: async () => {
      await client.must("continue");
      const { content } = await reply;
      await kernel.idle(id);
      return String(content["ename"] ?? content["status"]);
    },
  };
}

describe("variables", () => {
  test("of cells are listed while nothing is stopped, and without a debugger", async () => {
    await kernel.execute(
      "const answer: number = 42; let process = { x: [1, 2] }; class Point { x = 1 }",
    );
    const { variables } = await client.must<{ variables: { name: string; value: string }[] }>(
      "inspectVariables",
    );
    const listed = Object.fromEntries(variables.map((one) => [one.name, one]));
    expect(values(listed)).toMatchObject({
      answer: "42",
      process: "{ x: [1, 2] }".replace("[1, 2]", "Array(2)"),
      Point: "class Point",
    });
    const [x] = Object.values(
      await client.inside(
        (listed["process"] as never as { variablesReference: number }).variablesReference,
      ),
    );
    expect(x).toMatchObject({ name: "x", value: "[1, 2]" });
  });

  test("of cells are told while a cell is busy, as they are at that moment", async () => {
    await client.attach();
    const { id, reply } = client.begin(
      "let busy = 1;\nconsole.log('busy');\nwhile (busy > 0) busy++;",
    );
    await kernel.until(() => kernel.textOf(id).includes("busy"), "the loop");
    const look = async (): Promise<number> => {
      const { variables } = await client.must<{ variables: { name: string; value: string }[] }>(
        "inspectVariables",
      );
      return Number(variables.find(({ name }) => name === "busy")?.value);
    };
    try {
      const first = await look();
      // On a busy machine the loop may not have had a turn between two looks.
      await expect.poll(look).toBeGreaterThan(first);
    } finally {
      await kernel.interrupt();
      await reply;
      await kernel.idle(id);
    }
  });

  test("that are tensors tell their shape, type and numbers, and show their elements", async () => {
    const code = `class Matrix {
  #numbers = Float32Array.of(1, 2.5, 3, 4);
  get shape(): number[] { return [2, 2]; }
  get dtype(): string { return "float32"; }
  toTypedArray(): Float32Array { return this.#numbers.slice(); }
  toArray(): number[][] { return [[1, 2.5], [3, 4]]; }
}
class Shows {
  [Symbol.for("Jupyter.display")](): object { return { "text/plain": "shows itself" }; }
}
const matrix = new Matrix(), shows = new Shows();
const big = { shape: [60000, 784], dtype: "float32" };
matrix;`;
    await client.attach();
    const { finish } = await stopAtEnd(code);
    const { Globals = {} } = await client.scopes();
    expect(values(Globals)).toMatchObject({
      matrix: "Matrix float32 [2, 2] = [[1, 2.5], [3, 4]]",
      shows: "shows itself",
      big: "Object float32 [60000, 784]",
    });
    const inside = await client.inside(Globals["matrix"]?.variablesReference ?? 0);
    expect(values(inside)).toMatchObject({
      shape: "[2, 2]",
      dtype: '"float32"',
      elements: "Float32Array(4) [1, 2.5, 3, 4]",
    });
    const elements = await client.inside(inside["elements"]?.variablesReference ?? 0);
    expect(values(elements)).toEqual({ 0: "1", 1: "2.5", 2: "3", 3: "4" });
    expect(await finish()).toBe("ok");
  });

  test("that are long lists come in parts, or a page at a time", async () => {
    const code = "const long = Float64Array.from({ length: 25000 }, (_, i) => i);\nlong;";
    await client.attach();
    const { finish } = await stopAtEnd(code);
    const { Globals = {} } = await client.scopes();
    const long = Globals["long"];
    expect(long).toMatchObject({ indexedVariables: 25000 });
    const parts = await client.inside(long?.variablesReference ?? 0);
    expect(Object.keys(parts)).toEqual(["[0 … 9999]", "[10000 … 19999]", "[20000 … 24999]"]);
    const smaller = await client.inside(parts["[20000 … 24999]"]?.variablesReference ?? 0);
    const last = await client.inside(smaller["[24900 … 24999]"]?.variablesReference ?? 0);
    expect(Object.keys(last)).toHaveLength(100);
    expect(last["24999"]?.value).toBe("24999");
    const page = { filter: "indexed", start: 300, count: 2 };
    expect(values(await client.inside(long?.variablesReference ?? 0, page))).toEqual({
      300: "300",
      301: "301",
    });
    await finish();
  });

  test("in maps, sets, classes and nested objects can be opened", async () => {
    const code = `const map = new Map<string, unknown>([["one", { deep: [1] }]]), set = new Set(["a"]);
class Account { #secret = 1; owner = "me"; get name(): string { return this.owner + "!"; } }
const account = new Account();
account;`;
    await client.attach();
    const { finish } = await stopAtEnd(code);
    const { Globals = {} } = await client.scopes();
    const open = (name: string) => client.inside(Globals[name]?.variablesReference ?? 0);
    const one = (await open("map"))['"one"'];
    expect(one?.value).toBe("{ deep: Array(1) }");
    expect(values(await client.inside(one?.variablesReference ?? 0))).toEqual({ deep: "[1]" });
    expect(values(await open("set"))).toEqual({ 0: '"a"' });
    expect(values(await open("account"))).toMatchObject({
      owner: '"me"',
      name: '"me!"',
      "#secret": "1",
    });
    await finish();
  });

  test("can be set: locals, variables of cells, and fields", async () => {
    const code = `let outer = 1;
function change(x: number): number {
  const field = { deep: 1 };
  return x + outer + field.deep;
}
change(1);`;
    await client.attach();
    await client.breakAt(code, [4]);
    const { id, reply } = client.begin(code);
    const { frames } = await client.stopped();
    const { scopes } = await client.must<{
      scopes: { name: string; variablesReference: number }[];
    }>("scopes", { frameId: frames[0]?.id });
    const [locals, globals] = scopes.map(({ variablesReference }) => variablesReference);
    const set = (reference: number | undefined, name: string, value: string) =>
      client.must("setVariable", { variablesReference: reference, name, value });
    expect(await set(locals, "x", "10 as number")).toMatchObject({ value: "10" });
    expect(await set(globals, "outer", "x * 10")).toMatchObject({ value: "100" });
    const { field } = await client.inside(locals ?? 0);
    expect(await set(field?.variablesReference, "deep", "1000")).toMatchObject({ value: "1000" });
    await client.must("continue");
    await reply;
    await kernel.idle(id);
    expect(kernel.messagesOf(id).at(-1)?.content["data"]).toEqual({ "text/plain": "1110" });
  });

  test("of a frame can become variables of the cells", async () => {
    const code =
      "function hide(): number {\n  const hidden = [7];\n  return hidden[0]!;\n}\nhide();";
    await client.attach();
    await client.breakAt(code, [3]);
    const { id, reply } = client.begin(code);
    const { frames } = await client.stopped();
    await client.must("copyToGlobals", {
      srcVariableName: "hidden",
      dstVariableName: "found",
      srcFrameId: frames[0]?.id,
    });
    expect(values((await client.scopes())["Globals"] ?? {})).toMatchObject({ found: "[7]" });
    await client.must("continue");
    await reply;
    await kernel.idle(id);
    expect((await kernel.execute("found")).result).toEqual({ "text/plain": "[ 7 ]" });
  });

  test("are shown richly, stopped and not stopped", async () => {
    const code = `class Rich { [Symbol.for("Jupyter.display")]() { return { "text/html": "<b>rich</b>" }; } }
const rich = new Rich();
rich;`;
    const variableName = "rich";
    await client.attach();
    const { frame, finish } = await stopAtEnd(code);
    const rich = { data: { "text/html": "<b>rich</b>" }, metadata: {} };
    const show = (given: object) => client.must("richInspectVariables", { variableName, ...given });
    expect(await show({ frameId: frame.id })).toMatchObject(rich);
    await finish();
    expect(await show({})).toMatchObject(rich);
    const unknown = await client.ask("richInspectVariables", { variableName: "special variables" });
    expect(unknown).toMatchObject({ success: false, body: { data: {}, metadata: {} } });
  });
});

describe("expressions", () => {
  test("are TypeScript, in a frame and without one, and their values can be opened", async () => {
    const code = "function inside(n: number): number {\n  return n;\n}\ninside(5);";
    await client.attach();
    await client.breakAt(code, [2]);
    const { id, reply } = client.begin(code);
    const { frames } = await client.stopped();
    const frameId = frames[0]?.id;
    const evaluate = (expression: string, given: object = {}) =>
      client.must<{ result: string; variablesReference: number }>("evaluate", {
        expression,
        ...given,
      });
    expect(await evaluate("(n as number) + 1", { frameId })).toMatchObject({ result: "6" });
    const object = await evaluate("({ n, twice: n * 2 })", { frameId });
    expect(object.result).toBe("{ n: 5, twice: 10 }");
    expect(values(await client.inside(object.variablesReference))).toEqual({ n: "5", twice: "10" });
    const failed = await client.ask("evaluate", { expression: "n.no.way", frameId });
    expect(failed).toMatchObject({ success: false, message: expect.stringMatching(/TypeError/) });
    const refused = await client.ask("evaluate", {
      expression: "n = 9",
      frameId,
      context: "hover",
    });
    expect(refused["success"]).toBe(false);
    await evaluate("n = 50", { frameId });
    expect(values((await client.scopes())["Locals"] ?? {})).toEqual({ n: "50" });
    await client.must("continue");
    await reply;
    await kernel.idle(id);
    expect(kernel.messagesOf(id).at(-1)?.content["data"]).toEqual({ "text/plain": "50" });
    expect(await evaluate("await Promise.resolve(6 as number)")).toMatchObject({ result: "6" });
    await evaluate("const typed: number = 8");
    expect((await kernel.execute("typed")).result).toEqual({ "text/plain": "8" });
  });
});

describe("a debug console", () => {
  test("completes names and members, and is told why an expression fails", async () => {
    const code =
      "function greet(person: { name: string }): string {\n  return person.name;\n}\ngreet({ name: 'x' });";
    await client.attach();
    await client.breakAt(code, [2]);
    const { id, reply } = client.begin(code);
    const { frames } = await client.stopped();
    const ask = (expression: string) =>
      client.must<{ result: string }>("evaluate", {
        expression,
        frameId: frames[0]?.id,
        context: "repl",
      });
    const complete = async (text: string): Promise<string[]> => {
      const given = { text, column: text.length + 1, frameId: frames[0]?.id };
      const { targets } = await client.must<{ targets: { label: string }[] }>("completions", given);
      return targets.map(({ label }) => label);
    };
    expect(await complete("pers")).toEqual(["person"]);
    expect(await complete("gree")).toEqual(["greet"]);
    expect(await complete("person.n")).toEqual(["name"]);
    expect(await complete("person.name.toUpp")).toEqual(["toUpperCase"]);
    expect(await complete("no.such.")).toEqual([]);
    // JupyterLab shows nothing of a request that fails.
    expect((await ask("person.nothing.at.all")).result).toMatch(/^TypeError: /);
    expect((await ask("person.name")).result).toBe('"x"');
    await client.must("continue");
    await reply;
    await kernel.idle(id);
  });
});

describe("errors", () => {
  const stopOn = (filter: string) => client.must("setExceptionBreakpoints", { filters: [filter] });
  const CAUGHT =
    "function fails(): never {\n  throw new RangeError('too far');\n}\ntry { fails() } catch {}";

  test("that nothing catches stop the program where they are thrown", async () => {
    await client.attach();
    await stopOn("uncaught");
    expect((await kernel.execute(CAUGHT)).reply["status"]).toBe("ok");
    const { id, reply } = client.begin("const before = 1;\nfails();");
    const { body, frames } = await client.stopped();
    expect(body).toMatchObject({ reason: "exception", text: "RangeError: too far" });
    expect(frames.map(({ name, line }) => `${name}:${line}`)).toEqual([
      "fails:2",
      expect.stringMatching(/:2$/),
    ]);
    expect(await client.must("exceptionInfo", { threadId: 1 })).toMatchObject({
      exceptionId: "RangeError",
      breakMode: "unhandled",
    });
    await client.must("continue");
    expect((await reply).content["ename"]).toBe("RangeError");
    await kernel.idle(id);
  });

  test("stop everywhere when all are asked for, and nowhere when none is", async () => {
    await client.attach();
    await stopOn("all");
    const { id, reply } = client.begin(CAUGHT);
    expect((await client.stop())[0]).toBe("fails:2");
    await client.must("continue");
    await reply;
    await kernel.idle(id);
    await client.must("setExceptionBreakpoints", { filters: [] });
    expect((await kernel.execute("fails()")).error?.ename).toBe("RangeError");
  });

  test("of a timer and of an awaited function stop too", async () => {
    await client.attach();
    await stopOn("uncaught");
    const timer = client.begin("setTimeout(() => {\n  throw new Error('late');\n}, 1);");
    kernel.allowsLateOutput.add(timer.id);
    expect((await client.stop())[0]).toBe("(anonymous):2");
    await client.must("continue");
    await timer.reply;
    const cell = client.begin(
      "async function slow() {\n  await null;\n  throw new Error('slow');\n}\nawait slow();",
    );
    expect((await client.stop())[0]).toBe("slow:3");
    await client.must("continue");
    expect((await cell.reply).content["evalue"]).toBe("slow");
    await kernel.idle(cell.id);
  });
});
