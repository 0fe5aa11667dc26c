// Jupyter's own programs with the kernelspec as installed: nbconvert runs a notebook, the console takes lines.
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const prefix = mkdtempSync(join(tmpdir(), "gradlab-programs-"));
const LIMIT_MS = 100_000;

function run(program: string, ...parameters: string[]): SpawnSyncReturns<string> {
  return spawnSync(program, parameters, {
    cwd: prefix,
    encoding: "utf8",
    env: {
      ...process.env,
      JUPYTER_PATH: join(prefix, "share", "jupyter"),
      JUPYTER_DATA_DIR: join(prefix, "data"),
      PYTHONDONTWRITEBYTECODE: "1",
    },
    timeout: LIMIT_MS,
  });
}

beforeAll(() => {
  spawnSync(process.execPath, [PROGRAM, "kernel", "install", "--prefix", prefix]);
});
afterAll(() => rmSync(prefix, { recursive: true }));

describe.runIf(existsSync("/usr/bin/jupyter-nbconvert"))(
  "nbconvert (needs jupyter-nbconvert)",
  () => {
    test("a notebook is run, with its outputs in place", { timeout: LIMIT_MS }, () => {
      const source = "console.log('printed');\nconst late = await Promise.resolve(42);\nlate";
      const cell = { cell_type: "code", id: "a", metadata: {}, source, outputs: [] };
      const kernelspec = { name: "gradlab", display_name: "TypeScript", language: "typescript" };
      const notebook = {
        cells: [{ ...cell, execution_count: null }],
        metadata: { kernelspec },
        nbformat: 4,
        nbformat_minor: 5,
      };
      writeFileSync(join(prefix, "a.ipynb"), JSON.stringify(notebook));
      const { stdout, stderr, status } = run(
        "/usr/bin/jupyter",
        ..."nbconvert --to notebook --execute --stdout a.ipynb".split(" "),
      );
      expect(status, stderr).toBe(0);
      const [ran] = (JSON.parse(stdout) as { cells: { outputs: unknown[] }[] }).cells;
      expect(ran?.outputs).toMatchObject([
        { output_type: "stream", name: "stdout", text: ["printed\n"] },
        { output_type: "execute_result", data: { "text/plain": ["42"] }, execution_count: 1 },
      ]);
    });
  },
);

describe.runIf(existsSync("/usr/bin/jupyter-console"))("console (needs jupyter-console)", () => {
  test("lines that are typed are answered, and it ends with 0", { timeout: LIMIT_MS }, () => {
    const script = new URL("./jupyter-client/console_session.py", import.meta.url);
    const { stdout, stderr } = run("/usr/bin/python3", fileURLToPath(script));
    expect(stdout, stderr).toBe("0\n");
  });
});
