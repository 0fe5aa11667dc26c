// TypeScript typed into a debugger, and what breakpoints demand, as JavaScript that V8 evaluates.
import { runInThisContext } from "node:vm";
import { describe, expect, test } from "vitest";
import type { KnownNames } from "../../../kernel/compile/globals.ts";
import { compileExpression, stopCondition } from "../../../kernel/debug/expression.ts";

const NOTHING: KnownNames = new Map();
const evaluate = (javascript: string): unknown => runInThisContext(javascript);

describe("an expression", () => {
  test("loses its types and its semicolon", () => {
    expect(compileExpression("(1 as number) + <any>2;", NOTHING).replaceAll(/\s/g, "")).toBe("1+2");
  });

  test("in braces is an object where it reads as one", () => {
    expect(evaluate(compileExpression("{ a: 1 }", NOTHING))).toEqual({ a: 1 });
  });

  test("finds names of globals that cells have for themselves", () => {
    const known: KnownNames = new Map([
      ["process", { name: "process", kind: "let", binding: "__cell_process" }],
    ]);
    expect(compileExpression("process + 1", known)).toBe("__cell_process + 1");
  });

  test("that does not parse says so", () => {
    expect(() => compileExpression("1 +", NOTHING)).toThrow(
      expect.objectContaining({ name: "DebugError", code: "KERNEL_DEBUG" }),
    );
  });
});

describe("a breakpoint's condition", () => {
  test("is absent when it stops always", () => {
    expect(stopCondition({}, 1, NOTHING)).toBeUndefined();
  });

  test("is its expression in TypeScript", () => {
    const condition = stopCondition({ condition: "(2 as number) > 1" }, 1, NOTHING);
    expect(evaluate(condition ?? "")).toBe(true);
  });

  test.each([
    ["3", [false, false, true, false]],
    [">= 3", [false, false, true, true]],
    ["% 2", [false, true, false, true]],
    ["<2", [true, false, false, false]],
  ])("hit count %s", (hitCondition, stops) => {
    const condition = stopCondition({ hitCondition }, Math.random(), NOTHING) ?? "";
    expect(stops.map(() => evaluate(condition))).toEqual(stops);
  });

  test("that counts what cannot be counted is refused", () => {
    expect(() => stopCondition({ hitCondition: "often" }, 1, NOTHING)).toThrow(/must read like/);
  });

  test("counts only the hits that meet the other condition", () => {
    const demand = { condition: "globalThis.wanted", hitCondition: "1" };
    const condition = stopCondition(demand, Math.random(), NOTHING) ?? "";
    expect(evaluate(condition)).toBe(undefined);
    expect(evaluate(`globalThis.wanted = true; ${condition}`)).toBe(true);
  });

  test("of a log point prints and never stops", () => {
    const condition = stopCondition({ logMessage: "x is {1 + 1}, y {'a'}" }, 1, NOTHING) ?? "";
    expect(condition).toBe(`(console.log("x is", 1 + 1, ", y", "a"), false)`);
  });
});
