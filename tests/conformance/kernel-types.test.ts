// Types in a real kernel: mistakes stop a cell, late ones are told, and without a language server all else works.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { descendantsOf } from "../../kernel/execute/runtime/process-tree.ts";
import type { CellDiagnostic } from "../../kernel/language/cell-diagnostics.ts";
import { untilGone } from "../support/processes.ts";
import { TestKernel, type CellRun } from "../support/test-kernel.ts";

const FAKE = fileURLToPath(new URL("../support/fake-language-server.mjs", import.meta.url));

/** What front ends are told about the mistakes of a cell. */
function diagnosticsOf({ messages }: CellRun): readonly CellDiagnostic[] {
  const error = messages.find(({ header }) => header.msg_type === "error");
  return (error?.metadata["diagnostics"] ?? []) as CellDiagnostic[];
}

let warmUps = 0;

/** Runs a cell that waits for the language server. @returns what the reply says about types */
async function warmUp(kernel: TestKernel): Promise<unknown> {
  const { id, reply } = kernel.send(
    "shell",
    "execute_request",
    // A text of its own: verdicts are kept.
    { code: `null! ?? ${++warmUps}`, silent: true, store_history: false },
    { metadata: { types_wait_ms: 20_000 } },
  );
  const { metadata } = await reply;
  await kernel.idle(id);
  return metadata["types"];
}

/** Process id of the kernel's language server. */
function serverOf({ process: kernel }: TestKernel): number | undefined {
  return descendantsOf(kernel.pid!).find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--lsp"),
  );
}

/** A program that is a language server which misbehaves in the given manner. */
function misbehaving(manner: string): string {
  const program = join(mkdtempSync(join(tmpdir(), "gradlab-server-")), "tsc");
  writeFileSync(program, `#!/bin/sh\nexec ${process.execPath} ${FAKE} ${manner}\n`, {
    mode: 0o755,
  });
  return program;
}

describe("a cell with a mistake", () => {
  let kernel: TestKernel;

  beforeAll(async () => {
    kernel = await TestKernel.start();
    await warmUp(kernel);
  });

  afterAll(() => kernel.stop());

  const write = (name: string, text: string): void => {
    const path = join(kernel.folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
  };

  test.each([
    ["const okay: number = 1;\nconst bad: number = 'hello';", "TS2322", 2],
    ["const first = 1;\nneed({ alpha: 'x' });", "TS2322", 2],
    ["point.yy", "TS2339", 1],
    ["const first = 1;\nnowhere + 1", "TS2304", 2],
    ["function maybe(): string | undefined { return undefined }\nmaybe().length", "TS2532", 2],
    ["function imp(a, b) { return a }", "TS7006", 1],
    ["kept = 2", "TS2588", 1],
    ["import type { Missing } from './nowhere'; let m: Missing", "TS2307", 1],
    ["const e = <b>{nowhere}</b>", "TS2304", 1],
  ])("%j is stopped with %s in line %i", async (code, ename, line) => {
    await kernel.execute(
      "function need(o: { alpha: number }) { return o.alpha }\ninterface Point { xx: number }\nconst point: Point = { xx: 1 }; const kept = 1; const React = { createElement: () => 1 };",
    );
    const run = await kernel.execute(`console.log('ran');${code}`);
    expect(run.error?.ename).toBe(ename);
    expect(run.error?.traceback.join("\n")).toMatch(`line ${line}`);
    expect(run.stdout).toBe("");
    expect(run.reply).toMatchObject({ status: "error", ename });
    expect(diagnosticsOf(run)[0]).toMatchObject({ code: ename, start: { line: line - 1 } });
  });

  test("tells related places by their cell, and the fix", async () => {
    const first = await kernel.execute("function take(o: { alpha: number }) {}");
    const run = await kernel.execute("take({ alpha: 'x' });\ntake({ alfa: 1 })");
    const cell = first.reply["execution_count"];
    const text = run.error?.traceback.join("\n");
    expect(text).toContain(`cell ${String(cell)}, line 1, column 20`);
    expect(text).toMatch(/Fix.*: write alpha/);
    expect(diagnosticsOf(run)).toMatchObject([
      { related: [{ cell, text: "function take(o: { alpha: number }) {}" }] },
      { fix: { title: "write alpha", edits: [{ newText: "alpha" }] } },
    ]);
  });

  test.each([
    ["readFileSync('x')", 'import { readFileSync } from "node:fs";'],
    ["new Tensor()", 'import { Tensor } from "gradlab";'],
  ])("%j lacks its import, and is told which", async (code, statement) => {
    const run = await kernel.execute(code);
    expect(run.error?.ename).toBe("TS2304");
    expect(diagnosticsOf(run)[0]?.fix).toMatchObject({
      title: `write ${statement}`,
      edits: [{ newText: `${statement}\n` }],
    });
  });

  test("the check runs no program by itself, such as npm for types", () => {
    expect(descendantsOf(serverOf(kernel)!)).toEqual([]);
  });

  test("a syntax error is told to front ends in the same form", async () => {
    const run = await kernel.execute("const a = 1;\nconst b = (3 + ;");
    expect(run.error?.ename).toBe("SyntaxError");
    expect(diagnosticsOf(run)).toMatchObject([
      { code: "SyntaxError", severity: "error", start: { line: 1, character: 15 } },
    ]);
  });

  test("has not run: what it declares is not known, and the cells behind it are aborted", async () => {
    // All three are in the queue before the first one ends.
    const gate = join(tmpdir(), `gradlab-gate-${process.pid}`);
    const isOpen = `require("node:fs").existsSync(${JSON.stringify(gate)})`;
    const code = `while (!${isOpen}) await new Promise((resolve) => setTimeout(resolve, 5));`;
    const first = kernel.send("shell", "execute_request", { code });
    const bad = kernel.send("shell", "execute_request", { code: "const fresh = 1; fresh.x" });
    const behind = kernel.send("shell", "execute_request", { code: "1" });
    await kernel.request("shell", "kernel_info_request");
    writeFileSync(gate, "");
    onTestFinished(() => rmSync(gate));
    expect((await first.reply).content["status"]).toBe("ok");
    expect((await bad.reply).content["status"]).toBe("error");
    expect((await behind.reply).content["status"]).toBe("aborted");
    expect((await kernel.execute("fresh")).error?.ename).toBe("TS2304");
  });

  test.each([
    ["const x = 1", "const x = 'text'", "x.toUpperCase()", "'TEXT'"],
    ["interface Shape { a: 1 }", "interface Shape { b: 2 }", "const s: Shape = { b: 2 }; s.b", "2"],
    ["let count = 0; let later;", "count += 1; later = 5", "count + later", "6"],
    ["let list = [];", "list.push(3)", "list.length", "1"],
    ["const v = [1]", "const v = (() => { throw new Error('x') })()", "v.length", "1"],
    ["globalThis.made = 3", "made + 1", "typeof neverMade", "'undefined'"],
    ["import { join } from 'node:path'", "join('a', 'b')", "join.length >= 0", "true"],
    ["{ a: 1 }", "%time 1 + 1", "display.html.length >= 0", "true"],
    ["enum Color { Red }", "namespace N { export const q: Color = Color.Red }", "N.q", "0"],
    [
      "declare global { interface Array<T> { lastOne(): T } }\nArray.prototype.lastOne = function () { return this[this.length - 1] }",
      "1",
      "[1, 7].lastOne()",
      "7",
    ],
    [
      "declare module 'untyped-thing'; 1",
      "// @ts-nocheck\nconst no: number = 'a'",
      "(no as unknown) as string + 'b'",
      "'ab'",
    ],
    ["let name = 1; var status = 2", "name + status", "const length = 3; name + length", "4"],
  ])("%j, then %j, is none", async (first, second, third, shown) => {
    await kernel.execute(first);
    await kernel.execute(second);
    const run = await kernel.execute(third);
    expect(run.error).toBeUndefined();
    expect(run.result).toMatchObject({ "text/plain": shown });
  });

  test("types of an edited module are seen by the next cell", async () => {
    write("measure.ts", "export const size: number = 1;");
    expect((await kernel.execute("import { size } from './measure'; size.toFixed()")).error).toBe(
      undefined,
    );
    write("measure.ts", "export const size: string = 'wide';");
    utimesSync(join(kernel.folder, "measure.ts"), new Date(), new Date(Date.now() + 5000));
    const run = await kernel.execute("import { size } from './measure'; size.toFixed()");
    expect(run.error?.ename).toBe("TS2551");
  });

  test("%types says how strict the check is, from its own cell on", async () => {
    expect((await kernel.execute("%types off\nconst off: number = 'a'; off")).result).toEqual({
      "text/plain": "'a'",
    });
    expect((await kernel.execute("%types strict\nfunction g(a) {}")).error?.ename).toBe("TS7006");
    expect((await kernel.execute("%types on\n1")).stdout).toContain("Types are on.");
  });

  test("the notebook's own tsconfig says what a mistake is", async () => {
    write("tsconfig.json", '{ "compilerOptions": { "strict": false } /* lenient */ }');
    await kernel.execute("%types strict");
    await kernel.execute("%types on");
    expect((await kernel.execute("function lenient(a) { return a }; lenient(1)")).error).toBe(
      undefined,
    );
    write("tsconfig.json", "{}");
    await kernel.execute("%types strict");
    await kernel.execute("%types on");
    expect((await kernel.execute("function lenient(a) { return a }")).error?.ename).toBe("TS7006");
  });
});

describe("the language server", () => {
  test("is not started by a kernel that nobody uses; the first cell runs at once and hears later", async () => {
    const kernel = await TestKernel.start();
    await kernel.request("shell", "kernel_info_request");
    await kernel.execute("1 + 1");
    expect(serverOf(kernel)).toBeUndefined();
    const code = "console.log('ran');\nconst cold: number = 'x';";
    const { id, reply } = kernel.send("shell", "execute_request", { code });
    // On a slow machine the warning comes after the cell's end.
    kernel.allowsLateOutput.add(id);
    expect((await reply).content["status"]).toBe("ok");
    expect((await reply).metadata["types"]).toBe("starting");
    await kernel.until(() => kernel.textOf(id, "stderr") !== "", "the late warning");
    expect(kernel.textOf(id)).toBe("ran\n");
    expect(kernel.textOf(id, "stderr")).toMatch(/ran before its types[^]*TS2322[^]*line 2/);
    await kernel.stop();
  });

  test("is started again when it is killed, and knows the cells of before", async () => {
    const kernel = await TestKernel.start();
    expect(await warmUp(kernel)).toBe("checked");
    await kernel.execute("interface Known { a: number }\nconst known: Known = { a: 1 }");
    const server = serverOf(kernel)!;
    process.kill(server, "SIGKILL");
    await untilGone(server);
    expect(await warmUp(kernel)).toBe("checked");
    expect((await kernel.execute("known.b")).error?.evalue).toContain("'b' does not exist");
    await kernel.stop();
  });

  test("may be missing: cells run, and say once how to get types", async () => {
    const kernel = await TestKernel.start({ environment: { GRADLAB_TSC: "/no/such/tsc" } });
    const first = await kernel.execute("const unchecked: number = 'a'; unchecked");
    expect(first.result).toEqual({ "text/plain": "'a'" });
    expect(first.stderr).toContain("/no/such/tsc");
    expect((await kernel.execute("unchecked")).stderr).toBe("");
    await kernel.stop();
  });

  test("may hang: a cell waits for it a second, and runs", async () => {
    const program = misbehaving("hangs");
    const kernel = await TestKernel.start({ environment: { GRADLAB_TSC: program } });
    await warmUp(kernel);
    const run = await kernel.execute("const fine = 'ran'; fine");
    expect(run.result).toEqual({ "text/plain": "'ran'" });
    await kernel.stop();
  });

  test("ends with the kernel, also when that is killed", async () => {
    const kernel = await TestKernel.start();
    await warmUp(kernel);
    const server = serverOf(kernel)!;
    kernel.process.kill("SIGKILL");
    await untilGone(server);
    expect(await kernel.exited).toBeNull();
    await kernel.stop();
  });

  test("GRADLAB_TYPES=off checks nothing", async () => {
    const kernel = await TestKernel.start({ environment: { GRADLAB_TYPES: "off" } });
    const run = await kernel.execute("const wrong: number = 'a'; wrong");
    expect(run.result).toEqual({ "text/plain": "'a'" });
    expect(serverOf(kernel)).toBeUndefined();
    await kernel.stop();
  });
});
