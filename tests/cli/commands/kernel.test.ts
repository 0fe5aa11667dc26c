// `gradlab kernel` as people and programs call it: what it prints, and its exit codes.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gradlab-kernel-command-"));
afterAll(() => rmSync(folder, { recursive: true }));

function gradlab(...parameters: string[]): {
  status: number | null;
  stdout: string;
  stderr: string;
} {
  return spawnSync(process.execPath, [PROGRAM, "kernel", ...parameters], { encoding: "utf8" });
}

describe("gradlab kernel", () => {
  test("spec prints the kernelspec as one JSON object", () => {
    const { status, stdout } = gradlab("spec", "--json");
    expect(status).toBe(0);
    const spec = JSON.parse(stdout) as { argv: string[] };
    expect(spec.argv.slice(2)).toEqual(["kernel", "start", "-f", "{connection_file}"]);
    expect(existsSync(spec.argv[1] ?? "")).toBe(true);
  });

  test("install and uninstall below a prefix, with the folder as JSON", () => {
    const installed = gradlab("install", "--prefix", folder, "--json");
    const target = join(folder, "share", "jupyter", "kernels", "gradlab");
    expect(JSON.parse(installed.stdout)).toEqual({ name: "gradlab", folder: target });
    expect(existsSync(join(target, "kernel.json"))).toBe(true);
    expect(gradlab("uninstall", "--prefix", folder).status).toBe(0);
    expect(gradlab("uninstall", "--prefix", folder).status).toBe(1);
  });

  test("--user and --prefix together are refused", () => {
    const { status, stderr } = gradlab("install", "--user", "--prefix", folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(/Leave one of them out/);
  });

  test.each([
    [["start"], 2, /connection-file/],
    [["start", "-f", join(folder, "none.json")], 3, /must be readable/],
    [["start", "-f", join(folder, "bad.json")], 2, /Let a Jupyter client write it/],
    [["install", "--prefix", PROGRAM], 3, /must be writable, but .* is not \(E.*--prefix/],
    [["start", "-f", "x", "--memory", "lots"], 2, /For 8 GiB use 8192/],
  ])("%j ends with exit code %i and says why", (parameters, exitCode, text) => {
    writeFileSync(join(folder, "bad.json"), "{");
    const { status, stderr } = gradlab(...parameters);
    expect(status).toBe(exitCode);
    expect(stderr).toMatch(text);
  });

  test.each([[[]], [["install"]], [["uninstall"]], [["spec"]], [["start"]]])(
    "%j --help explains itself",
    (parameters) => {
      const { status, stdout } = gradlab(...parameters, "--help");
      expect(status).toBe(0);
      expect(stdout).toMatch(/Usage: gradlab kernel/);
    },
  );
});
