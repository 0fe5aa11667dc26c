// Heat maps: orientation, colours that fit the numbers, numbers in small cells.
import { expect, test } from "vitest";
import { COLOUR_SCALES } from "../../../lib/plot/colours.ts";
import type { HeatMapTrace, Panel } from "../../../lib/plot/description.ts";
import { chooseColours, plotHeatMap } from "../../../lib/plot/heat-map.ts";

const trace = (figure: ReturnType<typeof plotHeatMap>): HeatMapTrace =>
  figure.description.panels[0]?.data[0] as HeatMapTrace;

test("row 0 is on top and names stand at their rows and columns", () => {
  const figure = plotHeatMap({ title: "t", z: [[1, 2]], x: ["a", "b"], y: ["r"] });
  const { xaxis, yaxis } = figure.description.panels[0] as Panel;
  expect(yaxis.range).toEqual([0.5, -0.5]);
  expect([xaxis.ticktext, yaxis.ticktext]).toEqual([["a", "b"], ["r"]]);
});

test("amounts get the sequential colours from 0, signed numbers the diverging ones around 0", () => {
  expect(chooseColours("f", [[2, 8]], {})).toEqual({ name: "sequential", low: 0, high: 8 });
  expect(chooseColours("f", [[-2, 8]], {})).toEqual({ name: "diverging", low: -8, high: 8 });
  expect(trace(plotHeatMap({ title: "t", z: [[-2, 8]] })).colorscale).toBe(COLOUR_SCALES.diverging);
});

test("a table of one value still has a range", () => {
  expect(chooseColours("f", [[0]], {})).toEqual({ name: "sequential", low: 0, high: 1 });
});

test("small tables write their numbers, in black or white, and large ones do not", () => {
  const small = plotHeatMap({
    title: "t",
    z: [
      [0, 1],
      [2, Number.NaN],
    ],
  });
  const texts = small.description.panels[0]?.annotations.map(({ text, font }) => [
    text,
    font.color,
  ]);
  expect(texts).toEqual([
    ["0", "#ffffff"],
    ["1", "#000000"],
    ["2", "#000000"],
  ]);
  const large = plotHeatMap({ title: "t", z: Array.from({ length: 13 }, () => [1, 2]) });
  expect(large.description.panels[0]?.annotations).toEqual([]);
});

test("says where the highest and the lowest value are", () => {
  const figure = plotHeatMap({
    title: "t",
    z: [
      [1, 2],
      [3, 4],
    ],
    x: ["a", "b"],
    y: ["c", "d"],
  });
  expect(figure.alt).toBe(
    "Heat map of 2 rows and 2 columns. Highest 4 at row d, column b; lowest 1 at row c, column a.",
  );
  expect(figure.toText()).toMatch(/\n1 2\n3 4$/);
});

test("refuses names that do not match and a range that is none", () => {
  expect(() => plotHeatMap({ title: "t", z: [[1, 2]], x: ["a"] })).toThrow(
    "plotHeatMap: x must have as many entries as the table's side (2), got 1.",
  );
  expect(() => plotHeatMap({ title: "t", z: [[1]], range: [2, 2] })).toThrow(
    "plotHeatMap: range must be [low, high] with low < high, got [2, 2].",
  );
});
