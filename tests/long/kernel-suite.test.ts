// jupyter_kernel_test twenty times in a row: what a race loses once in a while must not be lost here.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const PYTHON = "/usr/bin/python3";
const PROGRAM = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const RUNS = 20;
const prefix = mkdtempSync(join(tmpdir(), "gradlab-suite-"));
const environment: NodeJS.ProcessEnv = {
  ...process.env,
  JUPYTER_PATH: join(prefix, "share", "jupyter"),
  JUPYTER_DATA_DIR: join(prefix, "data"),
  PYTHONDONTWRITEBYTECODE: "1",
};

const hasSuite = spawnSync(PYTHON, ["-c", "import jupyter_kernel_test"]).status === 0;

beforeAll(() => {
  spawnSync(process.execPath, [PROGRAM, "kernel", "install", "--prefix", prefix]);
});
afterAll(() => rmSync(prefix, { recursive: true }));

describe.runIf(hasSuite)("(needs python3-jupyter-kernel-test)", () => {
  test(`${RUNS} runs pass in all twelve parts`, () => {
    for (let run = 1; run <= RUNS; run++) {
      const { status, stderr } = spawnSync(PYTHON, ["kernel_suite.py", "-v"], {
        cwd: fileURLToPath(new URL("../conformance/jupyter-client", import.meta.url)),
        encoding: "utf8",
        env: environment,
      });
      expect(stderr.match(/\.\.\. ok$/gm), `run ${run}: ${stderr}`).toHaveLength(12);
      expect(status, `run ${run}: ${stderr}`).toBe(0);
    }
  });
});
