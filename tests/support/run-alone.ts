// Programs in a process of their own, with a home in which nothing lies yet.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a program left. */
export interface Ending {
  /** The one JSON value that it printed. */
  readonly output: unknown;
  readonly stderr: string;
}

/** Runs a program that prints one JSON value, in a process of its own with this home. */
export function runAlone(home: string, program: string): Ending {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
    cwd: home,
    env: { ...process.env, HOME: home, TMPDIR: home },
  });
  return { output: stdout === "" ? undefined : JSON.parse(stdout), stderr };
}

/** Gives the path of an empty folder, which vanishes afterwards. */
export function inEmptyHome<Result>(body: (home: string) => Result): Result {
  const home = mkdtempSync(join(tmpdir(), "gradlab-home-"));
  try {
    return body(home);
  } finally {
    rmSync(home, { recursive: true });
  }
}
