// Bar charts and histograms: positions, groups, counts and what is refused.
import { describe, expect, test } from "vitest";
import { plotBars, plotHistogram } from "../../../lib/plot/bars.ts";
import type { BarTrace } from "../../../lib/plot/description.ts";

const traces = (figure: ReturnType<typeof plotBars>): BarTrace[] =>
  figure.description.panels[0]?.data as BarTrace[];

describe("plotBars", () => {
  test("puts one bar over each name, on an axis that holds zero", () => {
    const figure = plotBars({ title: "t", x: ["a", "b"], y: [3, 5] });
    expect(traces(figure)[0]).toMatchObject({ x: [0, 1], y: [3, 5], text: ["a", "b"] });
    expect(figure.description.panels[0]?.xaxis.ticktext).toEqual(["a", "b"]);
    expect(figure.description.panels[0]?.yaxis.range[0]).toBe(0);
  });

  test("keeps equal names apart, and numbers the bars when there are none", () => {
    expect(traces(plotBars({ title: "t", x: ["a", "a"], y: [3, 5] }))[0]?.x).toEqual([0, 1]);
    expect(traces(plotBars({ title: "t", y: [3, 5] }))[0]?.text).toEqual(["0", "1"]);
  });

  test("groups several series in different colours", () => {
    const series = [
      { name: "train", y: [1, 2] },
      { name: "test", y: [3, 4] },
    ];
    const [train, held] = traces(plotBars({ title: "t", series }));
    expect([train?.name, held?.name]).toEqual(["train", "test"]);
    expect(train?.marker.color).not.toBe(held?.marker.color);
  });

  test("says the highest and the lowest bar", () => {
    const figure = plotBars({
      title: "t",
      x: ["a", "b"],
      y: [3, 5],
      xLabel: "letter",
      yLabel: "votes",
    });
    expect(figure.alt).toBe(
      "Bar chart: votes for each of 2 names (letter). Highest 5 at b, lowest 3 at a.",
    );
    expect(figure.toText()).toContain("\nb ████████████████████████ 5");
  });

  test("refuses names that do not match, and nothing at all", () => {
    expect(() => plotBars({ title: "t", x: ["a"], y: [1, 2] })).toThrow(
      "plotBars.y must have as many entries as x (1), got 2.",
    );
    expect(() => plotBars({ title: "t" })).toThrow("plotBars needs y, or series");
  });
});

describe("plotHistogram", () => {
  test("counts each value once, the greatest in the last bin", () => {
    const [trace] = traces(plotHistogram({ title: "t", values: [0, 1, 2, 3, 4], bins: 2 }));
    expect([trace?.y, trace?.x, trace?.width]).toEqual([[2, 3], [1, 3], 2]);
  });

  test("says how many values of what it counts", () => {
    const named = plotHistogram({ title: "t", values: [0, 4], bins: 2, xLabel: "height (m)" });
    expect(named.alt).toMatch(/^Histogram of 2 values of height \(m\) from 0 to 4 in 2 bins\. /);
    const plain = plotHistogram({ title: "t", values: [0, 4], bins: 2 });
    expect(plain.alt).toMatch(/^Histogram of 2 values from 0 to 4 /);
  });

  test("leaves out what is not finite and survives equal values", () => {
    const [trace] = traces(plotHistogram({ title: "t", values: [5, 5, Number.NaN], bins: 1 }));
    expect(trace?.y).toEqual([2]);
  });

  test("refuses a number of bins that is none", () => {
    expect(() => plotHistogram({ title: "t", values: [1], bins: 0 })).toThrow(
      "bins must be a whole number from 1 to 500, got 0.",
    );
  });
});
