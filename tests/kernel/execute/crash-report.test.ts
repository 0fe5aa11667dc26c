// The death of the runtime process is explained with its likely reason and the remedy.
import { describe, expect, test } from "vitest";
import { getHeapStatistics } from "node:v8";
import {
  describeDeath,
  farewellStart,
  type ProcessEnd,
  type ProcessFacts,
} from "../../../kernel/execute/crash-report.ts";

const FAREWELL =
  "\n<--- Last few GCs --->\n\n[1:0x1] 90 ms: Mark-Compact 110.6 (129.8) -> 110.0 (129.8) MB, pooled: 0 MB\n" +
  "[1:0x1] 100 ms: Mark-Compact (reduce) 119.6 (131.0) -> 118.4 (131.0) MB\n\n" +
  "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n";

function reportOn(end: Partial<ProcessEnd>, facts?: ProcessFacts): string {
  return describeDeath({ exitCode: null, signal: null, lastWords: "", ...end }, facts).message;
}

describe("crash report", () => {
  test("an exhausted heap names use, limit and both ways to raise it", () => {
    const message = reportOn({ signal: "SIGABRT", lastWords: FAREWELL }, { memoryMib: 120 });
    expect(message).toMatch(/ran out of memory: 118 MiB were in use.*limited to 120 MiB/);
    expect(message).toMatch(/"gradlab lab --memory 256", or set GRADLAB_MEMORY=256/);
  });

  test("without a limit of ours V8's own is named", () => {
    const message = reportOn({ signal: "SIGABRT", lastWords: FAREWELL });
    const mebibytes = Math.round(getHeapStatistics().heap_size_limit / 2 ** 20);
    expect(message).toContain(`limited to ${mebibytes} MiB`);
  });

  test("SIGKILL is put down to memory only as far as the system says so", () => {
    expect(reportOn({ signal: "SIGKILL" })).toMatch(/from outside \(SIGKILL\), as systems do/);
    expect(reportOn({ signal: "SIGKILL", wasMemoryShort: true })).toMatch(
      /by the system, because the memory of the machine ran out/,
    );
  });

  test("a fault is put down to native code", () => {
    expect(reportOn({ signal: "SIGSEGV" })).toMatch(/crashed in native code \(SIGSEGV\)/);
  });

  test("another end says how it came", () => {
    expect(reportOn({ exitCode: 7 })).toContain("exit code 7");
    expect(reportOn({ signal: "SIGABRT" })).toMatch(/SIGABRT \(process.abort\(\)/);
    const lastWords = "FATAL ERROR: x y\nmore";
    expect(reportOn({ signal: "SIGABRT", lastWords })).toContain("SIGABRT (FATAL ERROR: x y)");
  });

  test("lost names are listed, the first dozen of them", () => {
    const lostNames = Array.from({ length: 15 }, (_, index) => `name${index}`);
    expect(reportOn({ exitCode: 7 }, { lostNames: ["x", "model"] })).toMatch(
      /history go on, but all variables are lost: x, model\.\n/,
    );
    expect(reportOn({ exitCode: 7 }, { lostNames })).toMatch(/name11 and 3 more\.\n/);
    expect(reportOn({ exitCode: 7 })).not.toContain("lost");
  });

  test("V8's farewell is found behind the cell's own text", () => {
    expect(farewellStart(`mine${FAREWELL}`)).toBe("mine".length);
    expect(farewellStart("only mine")).toBe(-1);
  });
});
