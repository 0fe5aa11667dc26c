// The doctor names a Node that is too old, and finds this machine well.
import { describe, expect, test } from "vitest";
import { checkNode, runChecks } from "../../../cli/commands/doctor.ts";

describe("doctor", () => {
  test("a Node below 20.19 is missing, with the fix", () => {
    expect(checkNode("20.18.9")).toMatchObject({
      state: "missing",
      fix: expect.stringMatching(/Node 24/),
    });
    expect(checkNode("20.19.0").state).toBe("ok");
  });

  test("every required package loads here", async () => {
    const checks = await runChecks();
    expect(checks.filter((check) => check.state !== "ok")).toEqual([]);
  });
});
