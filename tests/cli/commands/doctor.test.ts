// The doctor names a Node that is too old, and finds this machine well.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { checkNode, type DoctorCheck, runChecks } from "../../../cli/commands/doctor.ts";

const PROGRAM = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

describe("doctor", () => {
  test("a Node below 20.19 is missing, with the fix", () => {
    expect(checkNode("20.18.9")).toMatchObject({
      state: "missing",
      fix: expect.stringMatching(/Node 24/),
    });
    expect(checkNode("20.19.0").state).toBe("ok");
  });

  test("every required package loads here, and the kernel runs a cell", () => {
    const { status, stdout } = spawnSync(process.execPath, [PROGRAM, "doctor", "--json"], {
      encoding: "utf8",
    });
    const { checks } = JSON.parse(stdout) as { checks: DoctorCheck[] };
    expect(checks.filter((check) => check.state !== "ok")).toEqual([]);
    expect(checks.at(-1)).toMatchObject({ name: "kernel", detail: "runs a cell" });
    expect(status).toBe(0);
  });

  test("a kernel that cannot start is reported with the fix", async () => {
    // From the source there is no compiled runtime to start.
    const kernel = (await runChecks()).find(({ name }) => name === "kernel");
    expect(kernel).toMatchObject({
      state: "missing",
      detail: expect.stringContaining("does not run a cell"),
      fix: expect.stringContaining("npm ci"),
    });
  });
});
