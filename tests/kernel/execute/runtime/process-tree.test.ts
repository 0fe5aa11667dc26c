// Which programs an interrupt reaches: those that were started since, unless they were detached on purpose.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { uptime } from "node:os";
import { describe, expect, test } from "vitest";
import {
  descendantsOf,
  signalDescendants,
} from "../../../../kernel/execute/runtime/process-tree.ts";

const hasProcessFiles = process.platform === "linux";

async function sleeper(detached = false): Promise<ChildProcess> {
  const child = spawn("sh", ["-c", "sleep 60 & echo; wait"], {
    detached,
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(child.stdout, "data");
  return child;
}

describe.skipIf(!hasProcessFiles)("the processes below this one (needs /proc)", () => {
  test("are found with their own children, deepest first", async () => {
    const child = await sleeper();
    const below = descendantsOf(process.pid);
    expect(below.indexOf(child.pid ?? 0)).toBeGreaterThan(0);
    const [deepest] = descendantsOf(child.pid ?? 0);
    expect(below.indexOf(deepest ?? 0)).toBeLessThan(below.indexOf(child.pid ?? 0));
    signalDescendants("SIGKILL", uptime() - 10);
    await once(child, "exit");
  });

  test("are spared when they are older than the moment that is given, or detached", async () => {
    const [older, apart] = [await sleeper(), await sleeper(true)];
    // As if a second had gone by: start times are hundredths of a second.
    signalDescendants("SIGKILL", uptime() + 1);
    const younger = await sleeper();
    expect([older, apart].map(({ signalCode }) => signalCode)).toEqual([null, null]);
    signalDescendants("SIGKILL", uptime() - 10);
    await Promise.all([once(older, "exit"), once(younger, "exit")]);
    expect(apart.signalCode).toBe(null);
    process.kill(-(apart.pid ?? 0), "SIGKILL");
    await once(apart, "exit");
  });
});
