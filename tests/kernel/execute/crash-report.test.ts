// The death of the runtime process is explained with its likely reason and the remedy.
import { describe, expect, test } from "vitest";
import { describeDeath, farewellStart } from "../../../kernel/execute/crash-report.ts";

const FAREWELL =
  "\n<--- Last few GCs --->\n\n[1:0x1] 100 ms: Mark-Compact\n\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n";

describe("crash report", () => {
  test("an exhausted heap says how to give more memory", () => {
    const { name, message } = describeDeath({
      exitCode: null,
      signal: "SIGABRT",
      lastWords: FAREWELL,
    });
    expect(name).toBe("RuntimeDied");
    expect(message).toMatch(/ran out of memory.*variables are lost.*GRADLAB_MEMORY/s);
  });

  test("SIGKILL points at the memory of the machine", () => {
    const { message } = describeDeath({ exitCode: null, signal: "SIGKILL", lastWords: "" });
    expect(message).toMatch(/SIGKILL.*memory ran out/s);
  });

  test("another end says how it came", () => {
    const end = { exitCode: 7, signal: null, lastWords: "" };
    expect(describeDeath(end).message).toContain("exit code 7");
    const fatal = {
      exitCode: null,
      signal: "SIGABRT",
      lastWords: "FATAL ERROR: x y\nmore",
    } as const;
    expect(describeDeath(fatal).message).toContain("SIGABRT (FATAL ERROR: x y)");
  });

  test("V8's farewell is found behind the cell's own text", () => {
    expect(farewellStart(`mine${FAREWELL}`)).toBe("mine".length);
    expect(farewellStart("only mine")).toBe(-1);
  });
});
