// `gradlab doctor` as a process: what it prints, and its exit codes.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { DoctorCheck } from "../../../cli/doctor/check.ts";

const PROGRAM = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

function doctor(environment: Record<string, string>, ...parameters: string[]) {
  const env = { ...process.env, ...environment };
  return spawnSync(process.execPath, [PROGRAM, "doctor", ...parameters], { env, encoding: "utf8" });
}

test("this machine has all that is required", () => {
  const { status, stdout, stderr } = doctor({}, "--json");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { checks } = JSON.parse(stdout) as { checks: DoctorCheck[] };
  expect(checks.map(({ name }) => name)).toEqual([
    "node",
    "packages",
    "kernel",
    "types",
    "page",
    "data",
    "folder",
    "chromium",
    "python",
  ]);
});

test("something required that is missing gives exit code 3 and its fix, without colour in a pipe", () => {
  const { status, stdout } = doctor({ TMPDIR: "/no/such/folder" });
  expect(status).toBe(3);
  expect(stdout).toMatch(/^MISSING {2}kernel .*\n +fix: .*set TMPDIR/m);
  expect(stdout).toMatch(/\n\n1 required thing is missing/);
  expect(stdout).not.toContain("\u001b");
});
