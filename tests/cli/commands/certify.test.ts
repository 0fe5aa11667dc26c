// `gradlab certify` as a process: one JSON object on stdout, a word about the missing sandbox on stderr.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const certify = (...args: string[]) =>
  spawnSync(process.execPath, ["dist/cli/main.js", "certify", ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });

test("certify --json lists the exercises of the first chapter and says that it ran unsandboxed", () => {
  const { stdout, stderr } = certify("--json");
  const { exercises } = JSON.parse(stdout) as {
    exercises: { id: string; wrongAnswers: { caught: number; total: number }; mutants: null }[];
  };
  expect(exercises.map(({ id }) => id)).toEqual(["p1-01-e1", "p1-01-e2", "p1-01-e3", "p1-01-e4"]);
  for (const { wrongAnswers, mutants } of exercises) {
    expect(wrongAnswers.caught).toBe(wrongAnswers.total);
    expect(mutants).toBeNull();
  }
  expect(stderr).toContain("unsandboxed");
});

test("an unknown exercise is wrong use, and the known ones are named", () => {
  const { status, stderr } = certify("p9-99-e1");
  expect(status).toBe(2);
  expect(stderr).toContain("Known: p1-01-e1");
});
