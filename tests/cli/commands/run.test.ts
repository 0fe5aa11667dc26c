// `gradlab run` as a process, on our own server and kernel: what it saves, says and leaves behind.
// Covers: cli/run/execute-notebook.ts, cli/run/run-notebooks.ts, cli/run/local-server.ts
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startServer, type RunningServer } from "../../../lab/server/start-server.ts";
import { readNotebook } from "../../../nbformat/parse.ts";
import type { CodeCell } from "../../../nbformat/types.ts";
import { validateNotebook } from "../../../nbformat/validate.ts";

const PROGRAM = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gradlab-run-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command in `folder`; `interrupt` sends Ctrl-C. */
function start(
  args: string[],
  env: Record<string, string> = {},
): { done: Promise<Finished>; interrupt: () => void } {
  const child = spawn(process.execPath, [PROGRAM, "run", ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  const done = new Promise<Finished>((resolve) => {
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
  return { done, interrupt: () => child.kill("SIGINT") };
}

const gradlab = (...args: string[]): Promise<Finished> => start(args).done;

type Source = string | { source: string; tags: string[] };

function writeNotebook(name: string, sources: Source[], kernel = "gradlab"): void {
  const cells = sources.map((cell, index) => ({
    id: `c${index}`,
    cell_type: "code",
    metadata: typeof cell === "string" ? {} : { tags: cell.tags },
    source: typeof cell === "string" ? cell : cell.source,
    outputs: [],
    execution_count: null,
  }));
  const metadata = { kernelspec: { name: kernel, display_name: `The ${kernel}` } };
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(
    join(folder, name),
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }),
  );
}

async function cellsOf(name: string): Promise<CodeCell[]> {
  return (await readNotebook(join(folder, name))).cells as CodeCell[];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Waits until the processes are gone: the system may take a moment to bury them. */
async function expectGone(pids: readonly number[]): Promise<void> {
  expect(pids).toHaveLength(2);
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 5000, interval: 50 });
}

/** The process ids that a cell `[process.pid, process.ppid]` showed. */
function pidsIn(cell: CodeCell | undefined): number[] {
  return (JSON.stringify(cell?.outputs).match(/\d{2,}/g) ?? []).map(Number);
}

describe("a notebook whose cells all run", () => {
  let finished: Finished;
  let cells: CodeCell[];
  beforeAll(async () => {
    writeNotebook("chapters/good.ipynb", [
      'console.log("a"); console.error("b"); console.log("c");',
      "const x: number = 40 + 2;\nx",
      "process.cwd().split(/[\\\\/]/).at(-1)",
      'const handle = display.html("<b>old</b>");',
      'handle.update("<b>new</b>");',
      'for (const step of [1, 2]) { clearOutput(true); console.log("step", step); }',
      "process.env.GRADLAB_FAST",
      { source: 'throw new TypeError("wanted");', tags: ["raises-exception"] },
      "",
      "[process.pid, process.ppid]",
    ]);
    const run = start(["chapters/good.ipynb", "--output", "out", "--html", "--json"], {
      GRADLAB_FAST: "1",
    });
    finished = await run.done;
    cells = await cellsOf("out/good.ipynb");
  });

  test("prints one JSON object and exits with 0", () => {
    expect(finished).toMatchObject({ status: 0 });
    const { notebooks } = JSON.parse(finished.stdout) as { notebooks: { seconds: number }[] };
    expect(notebooks).toEqual([
      { path: "chapters/good.ipynb", cells: 9, errors: 0, seconds: expect.any(Number) },
    ]);
  });

  test("is saved as JupyterLab would save it", () => {
    const streams = cells[0]?.outputs.map((output) =>
      "text" in output ? [output.name, output.text] : [],
    );
    expect(streams).toEqual([
      ["stdout", "a\n"],
      ["stderr", "b\n"],
      ["stdout", "c\n"],
    ]);
    expect(cells[1]?.outputs).toMatchObject([
      { output_type: "execute_result", execution_count: 2, data: { "text/plain": "42" } },
    ]);
    expect(cells[3]?.outputs).toMatchObject([
      { output_type: "display_data", data: { "text/html": "<b>new</b>" } },
    ]);
    expect(cells[4]?.outputs).toEqual([]);
    expect(cells[5]?.outputs).toEqual([
      { output_type: "stream", name: "stdout", text: "step 2\n" },
    ]);
    expect(cells.map((cell) => cell.execution_count)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, null, 9]);
    expect(
      validateNotebook(JSON.parse(readFileSync(join(folder, "out/good.ipynb"), "utf8"))),
    ).toEqual([]);
  });

  test("runs in its own folder, with the environment of the command", () => {
    expect(JSON.stringify(cells[2]?.outputs)).toContain("'chapters'");
    expect(JSON.stringify(cells[6]?.outputs)).toContain("'1'");
  });

  test("goes on after an error that its cell announces", () => {
    expect(cells[7]?.outputs).toMatchObject([
      { output_type: "error", ename: "TypeError", evalue: "wanted" },
    ]);
  });

  test("reports each cell on stderr", () => {
    expect(finished.stderr).toMatch(/good\.ipynb 2\/9 +\d\.\d s {2}const x: number = 40 \+ 2;\n/);
  });

  test("comes with a page that shows it", () => {
    expect(readFileSync(join(folder, "out/good.html"), "utf8")).toContain("<b>new</b>");
  });

  test("leaves no process behind", async () => {
    await expectGone(pidsIn(cells[9]));
  });
});

describe("the types of a notebook", () => {
  test("are known before the first cell runs: a mistake there stops it", async () => {
    writeNotebook("typed.ipynb", ['console.log("ran");\nconst wrong: number = "a";']);
    const finished = await gradlab("typed.ipynb", "--output", "out");
    expect(finished.status).toBe(1);
    expect(finished.stderr).toContain("TS2322: Type 'string' is not assignable to type 'number'.");
    const [cell] = await cellsOf("out/typed.ipynb");
    expect(cell?.outputs.map((output) => output.output_type)).toEqual(["error"]);
    expect(finished.stderr).not.toContain("unchecked");
  });

  test("that could not be checked are told of", async () => {
    writeNotebook("untyped.ipynb", ['const wrong: number = "a"; wrong', "1"]);
    const { done } = start(["untyped.ipynb"], { GRADLAB_TSC: "/no/such/tsc" });
    const { status, stderr } = await done;
    expect(status).toBe(0);
    expect(stderr).toContain("untyped.ipynb: ran unchecked: the types of 1 of 2 code cells");
  });
});

describe("a notebook that fails", () => {
  test("prints the traceback, saves what ran, runs no later cell and exits with 1", async () => {
    writeNotebook("bad.ipynb", [
      'console.log("before");',
      "const nothing = null as any;\nnothing.field",
      "3",
    ]);
    const finished = await gradlab("bad.ipynb", "--output", "out");
    expect(finished.status).toBe(1);
    expect(finished.stderr).toContain("nothing.field");
    expect(finished.stderr).toContain("bad.ipynb: code cell 2 of 3: TypeError: ");
    expect(finished.stderr).toContain("is saved in");
    const cells = await cellsOf("out/bad.ipynb");
    expect(cells.map((cell) => cell.outputs.map((output) => output.output_type))).toEqual([
      ["stream"],
      ["error"],
      [],
    ]);
    expect(cells[2]?.execution_count).toBeNull();
  });

  test("an error of code that a cell has left behind is its failure too, though all cells run", async () => {
    writeNotebook("behind.ipynb", [
      'const timer = setTimeout(() => { throw new RangeError("behind") }, 1);',
      "await new Promise((resolve) => setTimeout(resolve, 100));",
      { source: 'throw new Error("announced")', tags: ["raises-exception"] },
    ]);
    const finished = await gradlab("behind.ipynb", "--output", "out");
    expect(finished.status).toBe(1);
    expect(finished.stderr).toContain("behind.ipynb: code cell 1 of 3: RangeError: behind");
    const cells = await cellsOf("out/behind.ipynb");
    expect(cells.map((cell) => cell.outputs.map((output) => output.output_type))).toEqual([
      ["error"],
      [],
      ["error"],
    ]);
  });

  test("one that runs too long is interrupted and says so", async () => {
    writeNotebook("slow.ipynb", ['console.log("start"); while (true) {}', "2"]);
    // Long enough for a busy machine to start the cell.
    const finished = await gradlab("slow.ipynb", "--timeout", "4", "--output", "out", "--json");
    expect(finished.status).toBe(1);
    expect(finished.stderr).toContain(
      "ran longer than 4 s and was interrupted. Allow more with --timeout.",
    );
    expect(JSON.parse(finished.stdout)).toMatchObject({ notebooks: [{ cells: 2, errors: 1 }] });
    expect((await cellsOf("out/slow.ipynb"))[0]?.outputs[0]).toMatchObject({ text: "start\n" });
  });

  test("a kernel that is killed is reported with what was saved", async () => {
    writeNotebook("killed.ipynb", [
      'console.log("kept");',
      "process.kill(process.ppid, 'SIGKILL'); while (true) {}",
      "3",
    ]);
    const finished = await gradlab("killed.ipynb", "--output", "out");
    expect(finished.status).toBe(1);
    expect(finished.stderr).toContain("code cell 2 of 3: The kernel stopped while this cell ran");
    const cells = await cellsOf("out/killed.ipynb");
    expect(cells[0]?.outputs).toMatchObject([{ text: "kept\n" }]);
    expect(cells[1]?.outputs).toMatchObject([{ output_type: "error", ename: "KernelDied" }]);
  });

  test("Ctrl-C interrupts the cell, saves, and leaves no process behind", async () => {
    writeNotebook("stopped.ipynb", [
      "[process.pid, process.ppid]",
      'import { writeFileSync } from "node:fs";\nwriteFileSync("running", "");\nwhile (true) {}',
    ]);
    const run = start(["stopped.ipynb", "--output", "out"]);
    await vi.waitFor(() => expect(existsSync(join(folder, "running"))).toBe(true), {
      timeout: 20_000,
      interval: 50,
    });
    run.interrupt();
    const finished = await run.done;
    expect(finished.status).toBe(130);
    expect(finished.stderr).toContain("The run was stopped by the user");
    const [first] = await cellsOf("out/stopped.ipynb");
    await expectGone(pidsIn(first));
  });

  test("one broken notebook stops no other", async () => {
    writeNotebook("a/same.ipynb", ["1"]);
    writeNotebook("b/same.ipynb", ["2"]);
    writeFileSync(join(folder, "broken.ipynb"), '{"cells": [');
    const finished = await gradlab(
      "broken.ipynb",
      "a/same.ipynb",
      "b/same.ipynb",
      "--parallel",
      "2",
      "--output",
      "many",
    );
    expect(finished.status).toBe(1);
    expect(finished.stderr).toContain("broken.ipynb, line 1, column 12");
    expect((await cellsOf("many/a/same.ipynb"))[0]?.outputs).toMatchObject([
      { data: { "text/plain": "1" } },
    ]);
    expect((await cellsOf("many/b/same.ipynb"))[0]?.outputs).toMatchObject([
      { data: { "text/plain": "2" } },
    ]);
  });
});

describe("wrong use and missing things", () => {
  test.each([
    [["gone.ipynb"], 2, "there is no such file. Check the path."],
    [["x.ipynb", "--html"], 2, "expected --output FOLDER for the pages"],
    [["x.ipynb", "--output", "."], 2, "would overwrite them"],
    [["x.ipynb", "--timeout", "never"], 2, "expected a number above 0"],
    [["x.ipynb", "--parallel", "1.5"], 2, "expected a whole number"],
    [["x.ipynb", "--output", "x.ipynb/out"], 3, "a file stands in the way"],
    [
      ["x.ipynb", "--kernel", "cobol"],
      3,
      'wants the kernel "cobol", which is not installed; installed: gradlab',
    ],
    [["julia.ipynb"], 3, 'wants the kernel "julia" (The julia), which is not installed'],
    [["x.ipynb", "--server", "here"], 2, "expected an address such as http://127.0.0.1:8888"],
  ])("%j exits with %i", async (args, status, words) => {
    writeNotebook("x.ipynb", ["1"]);
    writeNotebook("julia.ipynb", ["1"], "julia");
    const finished = await gradlab(...args);
    expect(finished).toMatchObject({ status, stderr: expect.stringContaining(words) });
  });
});

describe("a server that runs already", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer({ root: mkdtempSync(join(folder, "elsewhere-")) });
  });
  afterAll(() => server.close());

  test("runs the notebook with the token, and keeps no session", async () => {
    writeNotebook("remote.ipynb", ["1 + 1"]);
    const finished = await gradlab(
      "remote.ipynb",
      "--server",
      server.url,
      "--token",
      server.token,
      "--output",
      "remote",
    );
    expect(finished).toMatchObject({ status: 0 });
    expect((await cellsOf("remote/remote.ipynb"))[0]?.outputs).toMatchObject([
      { data: { "text/plain": "2" } },
    ]);
    const sessions = await fetch(`${server.url}api/sessions`, {
      headers: { Authorization: `token ${server.token}` },
    });
    expect(await sessions.json()).toEqual([]);
  });

  test("refuses a wrong token with exit code 2", async () => {
    const finished = await gradlab("remote.ipynb", "--server", server.url, "--token", "wrong");
    expect(finished).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("refused the token"),
    });
  });
});
