// The first difference is found, with its place, both values and the largest relative error.
import { describe, expect, test } from "vitest";
import { findDifference, show } from "../../../grader/checks/compare.ts";
import { tensor } from "../../../lib/index.ts";

describe("finding the first difference", () => {
  test("rounding is no difference, a wrong number is, with its index", () => {
    expect(findDifference([[1, 2 + 1e-12]], [[1, 2]])).toBeUndefined();
    expect(
      findDifference(
        [
          [1, 2],
          [3, 5],
        ],
        [
          [1, 2],
          [3, 4],
        ],
      ),
    ).toMatchObject({ at: "[1][1]", got: "5", expected: "4", largestError: 0.25 });
  });

  test("NaN differs from every number, and equals NaN", () => {
    expect(findDifference([Number.NaN], [1])).toMatchObject({
      at: "[0]",
      got: "NaN",
      expected: "1",
    });
    expect(findDifference([Number.NaN], [Number.NaN])).toBeUndefined();
  });

  test("a wrong length and a wrong kind are named", () => {
    expect(findDifference([1], [1, 2])).toMatchObject({
      got: "an array of 1",
      expected: "an array of 2",
    });
    expect(findDifference(3, [1, 2])).toMatchObject({ got: "3", expected: "an array of 2" });
    expect(findDifference({ W: [[1]] }, { W: [[1]], b: [0] })).toMatchObject({
      at: ".b",
      got: "undefined",
    });
  });

  test("a tensor and a typed array count as the array of their numbers", () => {
    expect(findDifference(tensor([[1, 2]]), [[1, 2]])).toBeUndefined();
    expect(findDifference(new Float32Array([1, 2]), [1, 2])).toBeUndefined();
  });

  test("the tolerance of a check decides", () => {
    expect(findDifference(1.05, 1, { absolute: 0.1 })).toBeUndefined();
    expect(findDifference(1.05, 1, { absolute: 0.01, relative: 0 })).toMatchObject({ at: "" });
  });

  test("long values are shown short", () => {
    expect(show(Array.from({ length: 50 }, (_, k) => k))).toBe("[0, 1, 2, 3, 4, 5, ... 50 in all]");
    expect(show(Math.max)).toBe("a function");
  });
});
