// The system's counters of programs killed for want of memory.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { countMemoryKills } from "../../../kernel/execute/memory-kills.ts";

test("the counters of all files are added, and a missing file counts nothing", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradlab-kills-"));
  const [machine, container] = [join(folder, "vmstat"), join(folder, "memory.events")];
  writeFileSync(machine, "pgfault 12\noom_kill 3\n");
  writeFileSync(container, "oom 9\noom_kill 4\noom_group_kill 0\n");
  expect(countMemoryKills([machine, container, join(folder, "none")])).toBe(7);
  rmSync(folder, { recursive: true });
});
