// Which cells a session still knows: those of living names, and the latest of the others.
import { describe, expect, test } from "vitest";
import { CellPositions } from "../../../kernel/compile/positions.ts";
import type { CellScript } from "../../../kernel/compile/stack-frames.ts";
import { CellScripts } from "../../../kernel/execute/cell-scripts.ts";

const script = (number: number): CellScript => ({
  number,
  source: `${number}`,
  positions: new CellPositions(new Int32Array()),
});

describe("the scripts of a session", () => {
  test("are forgotten from the oldest on when nothing of theirs is left", () => {
    const scripts = new CellScripts(2);
    const forgotten = [1, 2, 3, 4].map((n) => scripts.add(`cell-${n}`, script(n), []));
    expect(forgotten).toEqual([[], [], ["cell-1"], ["cell-2"]]);
    expect(scripts.get("cell-1")).toBe(undefined);
    expect(scripts.get("cell-3")?.number).toBe(3);
  });

  test("stay as long as one of their names is not declared again", () => {
    const scripts = new CellScripts(1);
    scripts.add("cell-1", script(1), ["f", "g"]);
    for (let n = 2; n < 10; n++) scripts.add(`cell-${n}`, script(n), n === 5 ? ["f"] : []);
    expect(scripts.get("cell-1")?.number).toBe(1);
    expect(scripts.get("cell-5")?.number).toBe(5);
    expect(scripts.add("cell-10", script(10), ["g"])).toContain("cell-1");
  });

  test("are not held by names that a restart has taken", () => {
    const scripts = new CellScripts(1);
    scripts.add("cell-1", script(1), ["f"]);
    scripts.releaseNames();
    expect(scripts.add("cell-2", script(2), [])).toEqual(["cell-1"]);
  });

  test("a script that runs again under its name counts once", () => {
    const scripts = new CellScripts(1);
    scripts.add("expression-a", script(1), []);
    expect(scripts.add("expression-a", script(2), [])).toEqual([]);
    expect(scripts.get("expression-a")?.number).toBe(2);
  });
});
