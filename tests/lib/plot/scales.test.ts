// Axes: ranges, ticks and places on paper.
import { describe, expect, test } from "vitest";
import { axisFor, namedAxis, placeAxis, unionOf } from "../../../lib/plot/scales.ts";

const labels = (axis: ReturnType<typeof axisFor>, count = 5): string[] =>
  placeAxis(axis, [0, 500], count).ticks.map((tick) => tick.label);

describe("linear axes", () => {
  test("the data lie inside with a small margin", () => {
    const [low, high] = axisFor([2, 12], { label: "x" }).range;
    expect(low).toBeCloseTo(1.6);
    expect(high).toBeCloseTo(12.4);
  });

  test("a single value gets room around it", () => {
    const [low, high] = axisFor([5], { label: "x" }).range;
    expect(low).toBeLessThan(5);
    expect(high).toBeGreaterThan(5);
  });

  test("an axis for bars begins exactly at zero", () => {
    expect(axisFor([3, 4], { label: "x", zero: true }).range[0]).toBe(0);
    expect(axisFor([-3, -4], { label: "x", zero: true }).range[1]).toBe(0);
  });

  test("a fixed range is kept as it is", () => {
    expect(axisFor([3, 4], { label: "x", range: [0, 1] }).range).toEqual([0, 1]);
  });

  test("few whole numbers get a tick each when asked, fractions do not", () => {
    expect(axisFor([1, 4], { label: "epoch", whole: true }).ticktext).toEqual(["1", "2", "3", "4"]);
    expect(axisFor([1, 1.5], { label: "x", whole: true }).ticktext).toBeUndefined();
    expect(axisFor([0, 99], { label: "x", whole: true }).ticktext).toBeUndefined();
  });

  test("ticks are round numbers at their places", () => {
    const { ticks } = placeAxis(axisFor([], { label: "x", range: [0, 10] }), [0, 500], 5);
    expect(ticks.map((tick) => [tick.label, tick.at])).toEqual([
      ["0", 0],
      ["2", 100],
      ["4", 200],
      ["6", 300],
      ["8", 400],
      ["10", 500],
    ]);
  });
});

describe("logarithmic axes", () => {
  test("write all their ticks as powers of ten as soon as one of them is better written so", () => {
    const wide = labels(axisFor([1e4, 1e8], { label: "x", log: true }));
    expect(wide).toEqual(["10⁴", "10⁵", "10⁶", "10⁷", "10⁸"]);
  });

  test("the range holds exponents, and equal factors are equal distances", () => {
    const axis = axisFor([], { label: "x", log: true, range: [1, 1000] });
    expect(axis.range).toEqual([0, 3]);
    const placed = placeAxis(axis, [0, 300], 5);
    expect([1, 10, 100, 1000].map((x) => placed.place(x)).map(Math.round)).toEqual([
      0, 100, 200, 300,
    ]);
  });

  test("long axes have powers of ten, thinned when there are many", () => {
    expect(labels(axisFor([1, 1000], { label: "x", log: true }))).toEqual([
      "1",
      "10",
      "100",
      "1,000",
    ]);
    expect(labels(axisFor([1e-12, 1], { label: "x", log: true }))).toHaveLength(7);
  });

  test("short axes have numbers between the powers", () => {
    expect(labels(axisFor([1, 40], { label: "x", log: true }))).toEqual([
      "1",
      "2",
      "5",
      "10",
      "20",
    ]);
    expect(labels(axisFor([2, 6], { label: "x", log: true }))).toEqual(["2", "3", "4", "5", "6"]);
  });
});

test("years have no separators, other large numbers do", () => {
  const place = (low: number, high: number): string[] =>
    placeAxis(axisFor([low, high], { label: "x" }), [0, 300], 4).ticks.map((tick) => tick.label);
  expect(place(1987, 2024)).toContain("2000");
  expect(place(10_000, 40_000)).toContain("20,000");
  expect(place(0, 4000)).toContain("2,000");
});

describe("named positions", () => {
  test("each name stands at its number", () => {
    const axis = namedAxis("animal", ["cat", "dog"]);
    expect([axis.range, axis.tickvals, axis.ticktext]).toEqual([
      [-0.5, 1.5],
      [0, 1],
      ["cat", "dog"],
    ]);
  });

  test("a reversed axis begins at the top", () => {
    expect(namedAxis("row", ["a", "b"], true).range).toEqual([1.5, -0.5]);
  });

  test("of many names only some are written", () => {
    const names = Array.from({ length: 90 }, (_, index) => `n${index}`);
    expect(namedAxis("x", names).ticktext?.slice(0, 3)).toEqual(["n0", "n5", "n10"]);
  });
});

describe("the union of two axes", () => {
  test("holds both ranges and keeps the direction", () => {
    const axis = (range: [number, number]) => axisFor([], { label: "x", range });
    expect(unionOf(axis([0, 2]), axis([-1, 1])).range).toEqual([-1, 2]);
    expect(unionOf(axis([2, 0]), axis([1, -1])).range).toEqual([2, -1]);
  });
});
