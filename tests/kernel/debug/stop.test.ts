// Why the program stopped and which variables belong together, from what the inspector says.
import type { Debugger } from "node:inspector";
import { describe, expect, test } from "vitest";
import { groupScopes, stopReason, type Pause } from "../../../kernel/debug/stop.ts";

const pause = (fields: Partial<Pause>): Pause => ({ callFrames: [], reason: "other", ...fields });

describe("the reason of a stop", () => {
  test("is a breakpoint where one was hit, also during a step", () => {
    expect(stopReason(pause({ hitBreakpoints: ["1"] }), "step")).toEqual({ reason: "breakpoint" });
  });

  test("is what was asked for", () => {
    expect(stopReason(pause({}), "step")).toEqual({ reason: "step" });
    expect(stopReason(pause({}), "pause")).toEqual({ reason: "pause" });
  });

  test("is a debugger statement when nothing was asked for", () => {
    expect(stopReason(pause({}), undefined)).toMatchObject({ description: "debugger statement" });
  });

  test.each(["exception", "promiseRejection"])("is an error for %s", (reason) => {
    const data = { type: "object", description: "TypeError: no\n    at f (cell-1.ts:1:1)" };
    expect(stopReason(pause({ reason, data }), undefined)).toMatchObject({
      reason: "exception",
      text: "TypeError: no",
    });
  });

  test("names a thrown value that is no error", () => {
    const data = { type: "number", value: 7 };
    expect(stopReason(pause({ reason: "exception", data }), undefined).text).toBe("7");
  });
});

describe("scopes", () => {
  const scope = (type: string, objectId: string): Debugger.Scope => ({
    type,
    object: { type: "object", objectId },
  });

  test("of blocks belong to their function, blocks around it to what it closes over", () => {
    const groups = groupScopes([
      scope("block", "inner"),
      scope("local", "function"),
      scope("block", "outer"),
      scope("closure", "outermost"),
      scope("script", "cells"),
      scope("global", "everything"),
    ]);
    expect(
      groups.map(({ name, scopes }) => [name, scopes.map(({ objectId }) => objectId)]),
    ).toEqual([
      ["Locals", ["inner", "function"]],
      ["Closure", ["outer", "outermost"]],
      ["Globals", ["cells"]],
    ]);
  });
});
