// What figures say in words and letters.
import { describe, expect, test } from "vitest";
import {
  axesInWords,
  capitalise,
  letterBar,
  listInWords,
  pointsOf,
  sparkline,
  trendInWords,
} from "../../../lib/plot/words.ts";

const series = (y: (number | null)[], name?: string) => ({ name, x: y.map((_, x) => x), y });

describe("a trend in words", () => {
  test.each([
    [[1, 2, 3], "the line rises from 1 to 3"],
    [[3, 2, 1], "the line falls from 3 to 1"],
    [[2, 2, 2], "the line stays at 2"],
    [[5, 1, 3], "the line falls from 5 to 3, lowest 1 at step 1"],
    [[0, 4, 0], "the line goes from 0 to 0, highest 4 at step 1"],
    [[1, null, 3], "the line rises from 1 to 3 (1 not finite and left out)"],
    [[4], "the line is the one point 4"],
  ])("%j is told as a sentence", (y, words) => {
    expect(trendInWords(series(y), "step")).toBe(words);
  });

  test("names the series", () => {
    expect(trendInWords(series([1, 2], "train"), "step")).toBe("train rises from 1 to 2");
  });
});

test("axes are told with the range of x", () => {
  expect(axesInWords({ x: "step", y: "loss" }, [0, 500])).toBe("loss against step from 0 to 500");
  expect(axesInWords({ x: "year", y: "weights" }, [1989, 2026])).toBe(
    "weights against year from 1989 to 2026",
  );
});

test("an axis without a name leaves no gap in the sentence", () => {
  expect(axesInWords({ x: "z", y: "" }, [-4, 4])).toBe("z from \u22124 to 4");
});

test("points without one of their numbers are left out", () => {
  expect(pointsOf({ name: undefined, x: [1, null, 3], y: [1, 2, null] })).toEqual([{ x: 1, y: 1 }]);
});

describe("sketches in letters", () => {
  test("a line goes from the lowest to the highest letter", () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe("▁▂▃▄▅▆▇█");
  });

  test("gaps are blank, a flat line is in the middle, long lines are shortened", () => {
    expect(sparkline([0, null, 1])).toBe("▁ █");
    expect(sparkline([2, 2])).toBe("▄▄");
    expect(sparkline(Array.from({ length: 1000 }, (_, x) => x))).toHaveLength(40);
  });

  test("bars are as long as their size", () => {
    expect(letterBar(-5, 10, 4)).toBe("██");
    expect(letterBar(null, 10)).toBe("");
  });
});

test("long lists of names are counted", () => {
  expect(listInWords(["a"])).toBe("a");
  expect(listInWords(["a", "b", "c"])).toBe("a, b and c");
  expect(listInWords(["a", "b", "c", "d", "e", "f", "g"])).toBe("a, b, c, d, e and 2 more");
});

test("a sentence begins with a capital", () => {
  expect(capitalise("train rises")).toBe("Train rises");
});
