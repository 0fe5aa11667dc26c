// Cell commands in a real kernel: what each prints, what it changes, and how it ends.
// Covers: kernel/commands/*.ts, kernel/execute/runtime/cell-commands.ts
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestKernel, type CellRun } from "../support/test-kernel.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlab-commands-"));
let kernel: TestKernel;

beforeAll(async () => {
  kernel = await TestKernel.start({ folder });
});
afterAll(async () => {
  await kernel.stop();
});

async function run(code: string): Promise<CellRun> {
  const done = await kernel.execute(code);
  expect(done.error?.traceback.join("\n"), code).toBeUndefined();
  return done;
}

/** Starts a cell, interrupts it when it has printed something, and returns what it has caused. */
async function interrupted(code: string): Promise<{ ename: unknown; stdout: string }> {
  const sent = kernel.send("shell", "execute_request", { code });
  await kernel.until(() => kernel.textOf(sent.id).includes("\n"), "the first output");
  await kernel.interrupt();
  const reply = await sent.reply;
  await kernel.idle(sent.id);
  return { ename: reply.content["ename"], stdout: kernel.textOf(sent.id) };
}

/** The bundle that a cell displays. */
async function shown(code: string): Promise<Record<string, string>> {
  const { messages } = await run(code);
  return messages.find(({ header }) => header.msg_type === "display_data")?.content[
    "data"
  ] as Record<string, string>;
}

const TIMES = /^CPU times: user .+s, sys: .+s, total: .+s\nWall time: .+s\n$/;

describe("%time", () => {
  test("says how long an expression took and shows its value", async () => {
    const { stdout, result } = await run("%time 6 * 7");
    expect(stdout).toMatch(TIMES);
    expect(result?.["text/plain"]).toBe("42");
  });

  test("keeps what the line declares, in the middle of a cell", async () => {
    const { stdout, result } = await run(
      "const base = 2\n%time const timed = base ** 10\ntimed + 1",
    );
    expect(stdout).toMatch(TIMES);
    expect(result?.["text/plain"]).toBe("1025");
  });

  test("times a whole cell, with what it awaits", async () => {
    const { stdout, result } = await run(
      "%%time\nawait new Promise((go) => setTimeout(go, 30))\nconst answer = 'done'\nanswer",
    );
    const wall = /Wall time: ([\d.]+) ms/.exec(stdout)?.[1];
    expect(Number(wall)).toBeGreaterThan(25);
    expect(result?.["text/plain"]).toBe("'done'");
  });

  test("an error names the line of the cell", async () => {
    const { error } = await kernel.execute("1\n%time (() => { throw new RangeError('here') })()");
    expect(error?.ename).toBe("RangeError");
    expect(error?.traceback.join("\n")).toContain("line 2");
  });
});

describe("%timeit", () => {
  test("reports mean, deviation, runs and loops as IPython does", async () => {
    const { stdout } = await run("%timeit -n 10 -r 3 Math.sqrt(2)");
    expect(stdout).toMatch(
      /[\d.]+ .?s ± [\d.]+ .?s per loop \(mean ± std\. dev\. of 3 runs, 10 loops each\)\n$/,
    );
  });

  test("finds a number of loops by itself, in seven runs", async () => {
    const { stdout } = await run(
      "%timeit { const until = performance.now() + 25; while (performance.now() < until); }",
    );
    // A busy machine may need more than 25 ms for a loop, but no more than 10 loops reach 0.2 s.
    expect(stdout).toMatch(/\d ms ± .* of 7 runs, (10 loops|1 loop) each/);
  });

  test("measures code that awaits, gives the measurement, prints nothing when told so", async () => {
    const { stdout, result } = await run(
      "%timeit -n 5 -r 2 -o -q await new Promise((go) => setTimeout(go, 2))",
    );
    expect(stdout).toBe("");
    expect(result?.["text/plain"]).toMatch(/perLoopMs: \[ [\d.]+, [\d.]+ \],\s+loops: 5/);
  });

  test("runs the setup of a cell once for each run, not for each loop", async () => {
    const { result } = await run("let setups = 0, loops = 0\nconst prepare = () => ++setups; 0")
      .then(() => run("%%timeit -n 4 -r 3 prepare()\nloops++"))
      .then(() => run("[setups, loops]"));
    expect(result?.["text/plain"]).toBe("[ 3, 12 ]");
  });

  test("ends at an interrupt, and its loop does not go on", async () => {
    await run("let count = 0");
    const { ename } = await interrupted(
      "console.log('begun')\n%timeit -n 1000000 await new Promise((go) => setTimeout(go, 1, ++count))",
    );
    expect(ename).toBe("KeyboardInterrupt");
    const { result } = await run(
      "await new Promise((go) => setTimeout(go, 20)); const seen = count; await new Promise((go) => setTimeout(go, 20)); count - seen",
    );
    expect(result?.["text/plain"]).toBe("0");
  });
});

describe("%who and %reset", () => {
  test("names are listed with kind, type and value, and can be forgotten", async () => {
    await run("%reset");
    await run(
      "const size = [2, 3]; let label = 'cat'; function f(x: number) { return x }; class Box {}",
    );
    const bundle = await shown("%who");
    expect(bundle["text/plain"]?.split("\n").slice(2)).toEqual([
      "size   const     Array     [ 2, 3 ]",
      'label  let       string    "cat"',
      "Box    class     class     class Box",
      "f      function  function  (x)",
    ]);
    expect(bundle["text/html"]).toContain('<td style="text-align: left">label</td>');
    expect((await shown("%who string class"))["text/plain"]).toMatch(/label[^]*Box/);
    expect((await run("%reset label")).stdout).toBe("forgotten: 1 name (label)\n");
    expect((await kernel.execute("label")).error?.ename).toBe("TS2304");
    expect((await run("typeof label")).result?.["text/plain"]).toBe("'undefined'");
    expect((await run("const label = 5; label")).result?.["text/plain"]).toBe("5");
    await run("%reset");
    expect((await run("%who")).stdout).toBe("no names yet\n");
  });

  test("an unknown name is refused with the nearest one", async () => {
    await run("const images = 1");
    const { error } = await kernel.execute("%reset image");
    expect(error?.evalue).toMatch(
      /got image, which none has\. Did you mean images\? %who lists them\./,
    );
  });
});

describe.skipIf(process.platform === "win32")("%%sh (needs a POSIX shell)", () => {
  test("output goes under the cell while the script runs", async () => {
    const { stdout, stderr } = await run("%%sh\necho out\necho error >&2");
    expect([stdout, stderr]).toEqual(["out\n", "error\n"]);
  });

  test("%%bash is bash, %sh takes one line", async () => {
    expect((await run("%%bash\nwords=(a b)\necho ${words[1]}")).stdout).toBe("b\n");
    expect((await run("1\n%sh echo one")).stdout).toBe("one\n");
  });

  test("a script that fails is an error of the cell", async () => {
    const { error } = await kernel.execute("%%sh\nexit 3");
    expect(error?.ename).toBe("ShellError");
    expect(error?.evalue).toMatch(
      /expects exit code 0 from the script; got exit code 3\. .*\|\| true/,
    );
  });

  test("an interrupt ends the shell with its children", async () => {
    const { ename, stdout } = await interrupted(
      "%%sh\necho $$\nsh -c 'sleep 60; echo late' &\nwait",
    );
    expect(ename).toBe("KeyboardInterrupt");
    const group = stdout.trim().split("\n").at(-1)!;
    // The dead that nobody has collected yet do not count.
    const alive = `ps -e -o pgid= -o stat= | awk '$1 == ${group} && $2 !~ /Z/' | grep -c .`;
    const { stdout: left } = await run(
      `%%sh\nfor i in 1 2 3 4 5 6 7 8 9 10; do n=$(${alive}); [ $n = 0 ] && break; sleep 0.05; done; echo $n`,
    );
    expect(left).toBe("0\n");
  });
});

describe("help", () => {
  test("%help lists all, %name? and --help explain one", async () => {
    expect((await shown("%help"))["text/plain"]).toMatch(/%install .*\n[^]*%time, %%time/);
    const one = await shown("%timeit?");
    expect(one["text/plain"]).toContain("-n LOOPS");
    expect(await shown("%timeit --help")).toEqual(one);
    expect((await shown("%%sh?\n"))["text/plain"]).toContain("shell");
  });
});
