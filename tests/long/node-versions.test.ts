// Every suite on the other Node versions that gradlab promises, each fetched from the npm registry.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

import { hasOtherNodes, installNode, NODE_VERSIONS } from "../support/other-nodes.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LONGEST_MS = 15 * 60_000;

describe.skipIf(!hasOtherNodes)("gradlab on other Node versions (needs Linux x64)", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradlab-node-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(NODE_VERSIONS)(
    "every suite passes on Node %s",
    (version) => {
      const bin = installNode(folder, version);
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
