// Formulas in sizes: found from samples where there is one, written as a file has them, and refused otherwise.
// Covers: lib/interchange/onnx/axes.ts
import { describe, expect, test } from "vitest";
import { samplings, type Sizes, SPREADS } from "../../../../lib/interchange/onnx/axes.ts";
import { SizeFormula } from "../../../../lib/interchange/onnx/size-formula.ts";

function through(
  names: readonly string[],
  numberAt: (sizes: Sizes) => number,
): SizeFormula | undefined {
  const { grid, checks } = samplings(names, SPREADS[0]!);
  const sizes = [...grid, ...checks];
  return SizeFormula.through({ names, sizes, values: sizes.map(numberAt) });
}

test("two sizes of every axis in all combinations, then small and large ones by themselves, 1 for all together", () => {
  const { grid, checks } = samplings(["batch", "sequence"], SPREADS[0]!);
  expect(new Set(grid.map(({ batch, sequence }) => `${batch} ${sequence}`)).size).toBe(4);
  expect(checks.filter(({ batch }) => batch === 1)).toHaveLength(2);
  expect(checks).toContainEqual({ batch: 1, sequence: 1 });
  expect(checks).toHaveLength(7);
  expect(samplings(["batch"], SPREADS[0]!).checks).toHaveLength(3);
});

describe("a number that is", () => {
  test.each([
    ["the same everywhere", () => 784, "784"],
    ["zero", () => 0, "0"],
    ["an axis", ({ batch }: Sizes) => batch!, "batch"],
    ["counted from an axis", ({ batch }: Sizes) => batch! - 1, "batch-1"],
    [
      "a product of axes",
      ({ batch, sequence }: Sizes) => batch! * sequence! * 4,
      "4*batch*sequence",
    ],
    [
      "a sum of such",
      ({ batch, sequence }: Sizes) => 2 * batch! * sequence! - sequence! + 3,
      "2*batch*sequence-1*sequence+3",
    ],
  ])("%s has a formula", (_what, numberAt, text) => {
    const formula = through(["batch", "sequence"], numberAt)!;
    expect(String(formula)).toBe(text);
    const sizes = { batch: 5, sequence: 9 };
    expect(formula.at(sizes)).toBe(numberAt(sizes));
  });

  test.each([
    ["a square", ({ batch }: Sizes) => batch! ** 2],
    ["half of an axis", ({ batch }: Sizes) => Math.floor(batch! / 2)],
    ["cut off above", ({ batch }: Sizes) => Math.min(batch!, 100)],
    ["cut off below", ({ batch }: Sizes) => Math.max(batch!, 2)],
    ["other where the axis is 1", ({ batch }: Sizes) => (batch === 1 ? 7 : 8)],
    ["no number", () => NaN],
  ])("%s has none", (_what, numberAt) => {
    expect(through(["batch"], numberAt)).toBeUndefined();
  });
});

test("a formula is told apart from a number", () => {
  expect(through(["batch"], () => 3)!.constant).toBe(3);
  expect(through(["batch"], () => 0)!.constant).toBe(0);
  expect(through(["batch"], ({ batch }) => batch!)!.constant).toBeUndefined();
});

test("a whole number is added and multiplied", () => {
  const formula = through(["batch"], ({ batch }) => batch! + 2)!;
  expect(String(formula.plus(3))).toBe("batch+5");
  expect(String(formula.plus(-2))).toBe("batch");
  expect(String(formula.times(-2))).toBe("-2*batch-4");
});
