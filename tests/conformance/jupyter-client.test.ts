// The kernel as installed, driven by programs that nobody here wrote: jupyter_client and jupyter_kernel_test.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const PYTHON = "/usr/bin/python3";
const PROGRAM = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const prefix = mkdtempSync(join(tmpdir(), "gradlab-jupyter-"));

/** Runs a Python program of the folder beside this file, with the kernelspec installed. */
function python(...parameters: string[]): {
  status: number | null;
  stdout: string;
  stderr: string;
} {
  return spawnSync(PYTHON, parameters, {
    cwd: fileURLToPath(new URL("./jupyter-client", import.meta.url)),
    encoding: "utf8",
    env: {
      ...process.env,
      JUPYTER_PATH: join(prefix, "share", "jupyter"),
      JUPYTER_DATA_DIR: join(prefix, "data"),
      PYTHONDONTWRITEBYTECODE: "1",
    },
    timeout: 100_000,
  });
}

const hasClient = python("-c", "import jupyter_client, jupyter_kernel_test").status === 0;

beforeAll(() => {
  spawnSync(process.execPath, [PROGRAM, "kernel", "install", "--prefix", prefix]);
});
afterAll(() => rmSync(prefix, { recursive: true }));

describe.runIf(hasClient)("(needs python3-jupyter-client and python3-jupyter-kernel-test)", () => {
  test("jupyter_kernel_test passes in all of its twelve parts", { timeout: 120_000 }, () => {
    const { status, stderr } = python("kernel_suite.py", "-v");
    expect(stderr.match(/\.\.\. ok$/gm)).toHaveLength(12);
    expect(status, stderr).toBe(0);
  });

  test("a session starts, is interrupted twice, restarts and ends", { timeout: 120_000 }, () => {
    const { stdout, stderr } = python("client_session.py");
    const seen = JSON.parse(stdout || stderr) as Record<string, unknown>;
    expect(seen["value"]).toEqual({ status: "ok", text: "", results: ["42"] });
    expect(seen["loop"]).toMatchObject({ status: "error", results: ["KeyboardInterrupt"] });
    expect(seen["wait"]).toMatchObject({ status: "error", results: ["KeyboardInterrupt"] });
    expect(seen["kept"]).toMatchObject({ status: "ok", results: ["41"] });
    expect(seen["restarted"]).toMatchObject({ status: "ok", results: ["'undefined'"] });
  });

  test("comms are opened by both sides, echo bytes, are listed and refused", () => {
    const { stdout, stderr } = python("comms.py");
    const seen = JSON.parse(stdout || stderr) as Record<string, unknown>;
    expect(seen["cell"]).toMatchObject([
      { type: "comm_open", content: { target_name: "mine", data: { a: 1 } } },
      { type: "comm_msg", bytes: ["0708"] },
    ]);
    expect(seen["open"]).toEqual([]);
    const back = { comm_id: "x", data: { n: 1 } };
    expect(seen["echo"]).toEqual([{ type: "comm_msg", content: back, bytes: ["01ff"] }]);
    expect(seen["info"]).toEqual({ x: { target_name: "echo" } });
    expect(seen["close"]).toEqual([]);
    expect(seen["unknown"]).toMatchObject([{ type: "comm_close", content: { comm_id: "y" } }]);
  });
});
