// A cell's output is let through up to its limit, and the user is told once.
import { describe, expect, test } from "vitest";
import { OutputBudget, outputLimitBytes } from "../../../kernel/execute/output-budget.ts";

describe("output budget", () => {
  test("what fits goes out, the piece that does not is cut, the rest is dropped", () => {
    const budget = new OutputBudget(10);
    expect(budget.take(8)).toEqual({ bytes: 8 });
    const last = budget.take(5);
    expect(last.bytes).toBe(2);
    expect(last.notice).toMatch(/reached 0 MiB.*GRADLAB_OUTPUT_LIMIT/s);
    expect(budget.take(1)).toEqual({ bytes: 0 });
  });

  test.each([
    [{}, 64],
    [{ GRADLAB_OUTPUT_LIMIT: "3" }, 3],
    [{ GRADLAB_OUTPUT_LIMIT: "none" }, 64],
    [{ GRADLAB_OUTPUT_LIMIT: "-1" }, 64],
  ])("the environment %j allows %i MiB", (environment, mebibytes) => {
    expect(outputLimitBytes(environment)).toBe(mebibytes * 1024 * 1024);
  });
});
