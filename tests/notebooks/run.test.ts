// Every notebook runs from top to bottom in a fresh kernel, as a learner would run it but with less to learn from.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseNotebook } from "../../nbformat/parse.ts";
import type { Chapter } from "./chapter.ts";
import { CLAIMS, keepsClaims } from "./claims.ts";
import { notebookFiles, PROJECT } from "./project.ts";
import { describesOutputs, ranCleanly } from "./rules/outputs.ts";

/** A chapter takes at most this long in the automatic tests; the machine may be busy with others. */
const LIMIT_MS = 180_000;

const folder = mkdtempSync(join(tmpdir(), "gradlab-notebooks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(notebookFiles())("%s", (path) => {
  test(
    "runs cleanly in a fresh kernel, describes its pictures and shows the numbers it speaks of",
    async () => {
      const output = join(folder, basename(path, ".ipynb"));
      const { code, text } = await gradlabRun(path, output);
      expect({ code, text }).toMatchObject({ code: 0 });
      const chapter = readExecuted(path, output);
      expect(ranCleanly(chapter)).toEqual([]);
      expect(describesOutputs(chapter)).toEqual([]);
      expect(keepsClaims(CLAIMS[path] ?? [])(chapter)).toEqual([]);
    },
    LIMIT_MS,
  );
});

function gradlabRun(path: string, output: string): Promise<{ code: number | null; text: string }> {
  const program = join(PROJECT, "dist/cli/main.js");
  const child = spawn(process.execPath, [program, "run", path, "--output", output], {
    cwd: PROJECT,
    env: { ...process.env, GRADLAB_FAST: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => (text += part));
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve({ code, text }));
  });
}

function readExecuted(path: string, output: string): Chapter {
  const file = join(output, basename(path));
  return { path, cells: parseNotebook(readFileSync(file, "utf8"), file).cells };
}
