// `gradlab run` met by hostile notebooks and unlucky machines: one JSON object, the right exit code, nothing left.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test, vi } from "vitest";
import { readNotebook } from "../../nbformat/parse.ts";
import type { CodeCell } from "../../nbformat/types.ts";
import { untilGone } from "../support/processes.ts";

const PROGRAM = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gradlab-bad-input-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What stdout holds: one JSON object and nothing else. */
  readonly report: { notebooks: { cells: number; errors: number; problem?: string }[] };
  readonly stderr: string;
}

/** A run with a temporary folder of its own, which must be empty afterwards. */
class Run {
  readonly child: ChildProcess;
  readonly temporary: string = mkdtempSync(join(folder, "tmp-"));
  readonly ended: Promise<Ended>;

  constructor(parameters: readonly string[], environment: Record<string, string> = {}) {
    const env = { ...process.env, TMPDIR: this.temporary, ...environment };
    const child = spawn(process.execPath, [PROGRAM, "run", ...parameters, "--json"], {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    const exit = new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
      child.once("exit", (status, signal) => resolve([status, signal])),
    );
    this.ended = Promise.all([exit, text(child.stdout), text(child.stderr)]).then(
      ([[status, signal], stdout, stderr]) => {
        const left = readdirSync(this.temporary);
        if (left.length > 0) throw new TypeError(`the run left ${left.join(", ")}`);
        const report = stdout === "" ? { notebooks: [] } : (JSON.parse(stdout) as Ended["report"]);
        return { status, signal, report, stderr };
      },
    );
  }

  /** Waits until a cell has written its process ids into the file `started`. */
  async cellIds(): Promise<number[]> {
    const file = join(folder, `started-${this.temporary.slice(-6)}`);
    return vi.waitFor(() => JSON.parse(readFileSync(file, "utf8")) as number[], {
      timeout: 20_000,
      interval: 20,
    });
  }
}

/** Tells `cellIds` that the cell runs. */
const SAY_STARTED = `import { writeFileSync } from "node:fs";
writeFileSync("started-" + process.env.TMPDIR!.slice(-6), JSON.stringify([process.pid, process.ppid]));`;

function notebook(name: string, ...sources: string[]): string {
  const cells = sources.map((source, index) => ({
    id: `c${index}`,
    cell_type: "code",
    metadata: {},
    source,
    outputs: [],
    execution_count: null,
  }));
  const content = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
  writeFileSync(join(folder, name), JSON.stringify(content));
  return name;
}

async function firstCell(path: string): Promise<CodeCell> {
  return (await readNotebook(join(folder, path))).cells[0] as CodeCell;
}

describe("cells that ask for trouble", () => {
  test("a question that nobody can answer is an error at once", async () => {
    const path = notebook("ask.ipynb", 'await prompt("Your name?")');
    const { status, report } = await new Run([path]).ended;
    expect(status).toBe(1);
    expect(report.notebooks[0]?.problem).toMatch(/front end that takes input.*give the value/);
  });

  test("a value that is thrown without being an error is told as it is", async () => {
    const { status, report } = await new Run([notebook("throw.ipynb", "throw undefined")]).ended;
    expect(status).toBe(1);
    expect(report.notebooks[0]?.problem).toContain("code cell 1 of 1: Uncaught: undefined");
  });

  test("a timer and a thread that never end do not hold up the run", async () => {
    const thread = 'new Worker("for (;;) {}", { eval: true });';
    const path = notebook(
      "threads.ipynb",
      `import { Worker } from "node:worker_threads";\n${thread}\nsetInterval(() => {}, 10);\n0`,
      SAY_STARTED,
    );
    const run = new Run([path]);
    expect(await run.ended).toMatchObject({ status: 0 });
    await untilGone(...(await run.cellIds()));
  });
});

describe("stopping a run", () => {
  test("a closed terminal ends the kernel and saves, as Ctrl-C does", async () => {
    const path = notebook(
      "hangup.ipynb",
      'console.log("kept");',
      `${SAY_STARTED}\nwhile (true) {}`,
    );
    const run = new Run([path, "--output", "out"]);
    const ids = await run.cellIds();
    run.child.kill("SIGHUP");
    expect(await run.ended).toMatchObject({ status: 130, signal: null });
    await untilGone(...ids);
    expect((await firstCell("out/hangup.ipynb")).outputs).toMatchObject([{ text: "kept\n" }]);
  });

  test("a second Ctrl-C ends at once and leaves nothing", async () => {
    const path = notebook("twice.ipynb", `${SAY_STARTED}\nwhile (true) {}`);
    const run = new Run([path]);
    const ids = await run.cellIds();
    run.child.kill("SIGINT");
    run.child.kill("SIGINT");
    expect(await run.ended).toMatchObject({ status: 130 });
    await untilGone(...ids);
  });

  test("before the first cell, Ctrl-C does not wait for the kernel", async () => {
    const run = new Run([notebook("early.ipynb", "1")]);
    // The connection file appears when the kernel is being started.
    await vi.waitFor(() => expect(readdirSync(run.temporary)).not.toEqual([]), {
      timeout: 20_000,
      interval: 5,
    });
    run.child.kill("SIGINT");
    expect(await run.ended).toMatchObject({ status: 130 });
  });
});

describe("files and folders", () => {
  test("a path with spaces, quotes and other scripts works", async () => {
    const name = `it's a "notebook" für 数学 ${"x".repeat(100)}.ipynb`;
    const { status } = await new Run([notebook(name, "1 + 1"), "--output", "out ü", "--html"])
      .ended;
    expect(status).toBe(0);
    expect(readdirSync(join(folder, "out ü"))).toHaveLength(2);
  });

  test("a temporary folder that is not there is named, with the fix", async () => {
    const run = new Run([notebook("x.ipynb", "1")], { TMPDIR: join(folder, "gone") });
    const { status, stderr } = await run.ended;
    expect(status).toBe(3);
    expect(stderr).toMatch(/^gradlab: Kernels need a temporary folder .* set TMPDIR/);
  });

  test("two runs into the same folder leave whole notebooks", async () => {
    const path = notebook("both.ipynb", "6 * 7");
    const ends = await Promise.all(
      [1, 2].map(() => new Run([path, "--output", "shared", "--html"]).ended),
    );
    expect(ends.map(({ status }) => status)).toEqual([0, 0]);
    expect(readdirSync(join(folder, "shared")).sort()).toEqual(["both.html", "both.ipynb"]);
    expect((await firstCell("shared/both.ipynb")).execution_count).toBe(1);
  });

  test("a notebook that cannot be run is reported, and the next one runs", async () => {
    mkdirSync(join(folder, "folder.ipynb"));
    writeFileSync(join(folder, "old.ipynb"), '{"nbformat": 3, "worksheets": []}');
    const paths = ["folder.ipynb", "old.ipynb", notebook("empty.ipynb")];
    const { report } = await new Run([...paths, "--parallel", "3"]).ended;
    expect(report.notebooks.map(({ problem }) => problem)).toEqual([
      expect.stringContaining("folder.ipynb: expected a notebook, but"),
      expect.stringContaining("old.ipynb: expected a notebook of version 4"),
      undefined,
    ]);
  });
});
