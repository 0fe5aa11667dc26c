// The command line as a process: help, versions, wrong use and exit codes of every command.
// Covers: cli/main.ts, cli/exit-codes.ts, cli/version.ts
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { afterAll, describe, expect, test } from "vitest";
import { createProgram } from "../../cli/program.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const gradlab = (...args: string[]) =>
  spawnSync(process.execPath, ["dist/cli/main.js", ...args], { cwd: ROOT, encoding: "utf8" });

const SCRATCH = mkdtempSync(join(tmpdir(), "gradlab-program-"));
afterAll(() => rmSync(SCRATCH, { recursive: true, force: true }));

/** Every command that does something, such as `doctor` and `course new`. */
const ALL = await createProgram();
const LEAVES = leavesOf(ALL).map((path) => path.join(" "));

/** One harmless run of every command with `--json`: its arguments, its exit code, the fields of its object. */
const JSON_RUNS: Record<string, { args: string[]; status: number; fields: string[] }> = {
  certify: { args: ["p1-01-e1"], status: 0, fields: ["exercises"] },
  "course new": {
    args: [`${SCRATCH}/course`],
    status: 0,
    fields: ["folder", "copied", "updated", "kept"],
  },
  "course restore": {
    args: ["p1-01", "--course", `${SCRATCH}/course`],
    status: 0,
    fields: ["chapter", "kept"],
  },
  doctor: { args: [], status: 0, fields: ["checks"] },
  "kernel install": { args: ["--prefix", SCRATCH], status: 0, fields: ["name", "folder"] },
  "kernel spec": {
    args: [],
    status: 0,
    fields: ["argv", "display_name", "language", "interrupt_mode", "env", "metadata"],
  },
  "kernel uninstall": {
    args: ["--prefix", SCRATCH],
    status: 0,
    fields: ["name", "folder", "removed"],
  },
  run: { args: ["no-such-notebook.ipynb"], status: 2, fields: ["notebooks"] },
};

function leavesOf(command: Command, path: readonly string[] = []): string[][] {
  if (command.commands.length === 0) return [[...path]];
  return command.commands.flatMap((child) => leavesOf(child, [...path, child.name()]));
}

function takesJson(name: string): boolean {
  const found = name
    .split(" ")
    .reduce<Command | undefined>(
      (command, part) => command?.commands.find((child) => child.name() === part),
      ALL,
    );
  return found?.options.some((option) => option.long === "--json") ?? false;
}

describe("the gradlab program", () => {
  const version = (JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8")) as { version: string })
    .version;

  test("prints its version", () => {
    expect(gradlab("--version")).toMatchObject({ stdout: `${version}\n`, status: 0 });
  });

  test.each(LEAVES)("%s answers --help", (name) => {
    const { status, stdout } = gradlab(...name.split(" "), "--help");
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`Usage: gradlab ${name}`),
    });
  });

  test.each(LEAVES.filter((name) => name !== "kernel start"))(
    "%s refuses an unknown option with exit code 2, and nothing on stdout",
    (name) => {
      const { status, stdout } = gradlab(...name.split(" "), "--no-such-option");
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    },
  );

  test.each(LEAVES.filter((name) => takesJson(name)))(
    "%s --json prints one object and nothing else",
    (name) => {
      const run = JSON_RUNS[name];
      expect(run, `add an example of "${name} --json" to JSON_RUNS`).toBeDefined();
      const { status, stdout } = gradlab(...name.split(" "), ...(run?.args ?? []), "--json");
      expect({ status, fields: Object.keys(JSON.parse(stdout) as object) }).toEqual({
        status: run?.status,
        fields: run?.fields,
      });
      expect(stdout.trim().split("\n")).toHaveLength(1);
    },
  );

  test("an unknown command is wrong use, and the help says what there is", () => {
    const { status, stderr } = gradlab("no-such-command");
    expect(status).toBe(2);
    expect(stderr).toContain("doctor");
  });
});
