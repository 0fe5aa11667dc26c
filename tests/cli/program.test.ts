// The command line as a process: help, versions, wrong use and exit codes of every command.
// Covers: cli/main.ts, cli/exit-codes.ts, cli/installation.ts
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { createProgram } from "../../cli/program.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const gradlab = (...args: string[]) =>
  spawnSync(process.execPath, ["dist/cli/main.js", ...args], { cwd: ROOT, encoding: "utf8" });

describe("the gradlab program", () => {
  const version = (JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8")) as { version: string })
    .version;

  test("prints its version", () => {
    expect(gradlab("--version")).toMatchObject({ stdout: `${version}\n`, status: 0 });
  });

  test.each(createProgram().commands.map((command) => command.name()))(
    "%s answers --help",
    (name) => {
      const { status, stdout } = gradlab(name, "--help");
      expect({ status, stdout }).toMatchObject({
        status: 0,
        stdout: expect.stringContaining("Usage:"),
      });
    },
  );

  test.each(createProgram().commands.map((command) => command.name()))(
    "%s refuses an unknown option with exit code 2",
    (name) => {
      expect(gradlab(name, "--no-such-option").status).toBe(2);
    },
  );

  test("an unknown command is wrong use, and the help says what there is", () => {
    const { status, stderr } = gradlab("no-such-command");
    expect(status).toBe(2);
    expect(stderr).toContain("doctor");
  });

  test("doctor --json prints one object and nothing else", () => {
    const { status, stdout } = gradlab("doctor", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ checks: expect.arrayContaining([]) });
  });
});
