// The interactive form of a figure: escaping, titles, ticks and the template for themes.
import { expect, test } from "vitest";
import { plotBars } from "../../../lib/plot/bars.ts";
import { plotHeatMap } from "../../../lib/plot/heat-map.ts";
import { escapePlotly } from "../../../lib/plot/plotly.ts";
import { plotLine } from "../../../lib/plot/xy.ts";

test("text is escaped, because Plotly reads entities and a little HTML", () => {
  expect(escapePlotly("a < b & c > d")).toBe("a &lt; b &amp; c &gt; d");
});

test("hovering shows the name of a series, and no empty box where there is none", () => {
  const hover = (figure: ReturnType<typeof plotLine>): unknown =>
    (figure.toPlotly().data[0] as { hovertemplate: string }).hovertemplate;
  expect(hover(plotLine({ title: "t", series: [{ name: "a<b", y: [1] }] }))).toBe(
    "%{x}, %{y}<extra>a&lt;b</extra>",
  );
  expect(hover(plotLine({ title: "t", y: [1] }))).toBe("%{x}, %{y}<extra></extra>");
});

test("long titles are broken into lines", () => {
  const { layout } = plotLine({ title: "word ".repeat(40), y: [1] }).toPlotly();
  expect((layout as { title: { text: string } }).title.text.split("<br>").length).toBeGreaterThan(
    1,
  );
});

test("names that do not fit side by side are turned", () => {
  const angle = (x: string[]): unknown =>
    (
      plotBars({ title: "t", x, y: x.map(() => 1) }).toPlotly().layout as {
        xaxis: { tickangle: number };
      }
    ).xaxis.tickangle;
  expect([angle(["a", "b"]), angle(Array.from({ length: 8 }, () => "a rather long name"))]).toEqual(
    [0, -35],
  );
});

test("colours of text and grid stand in the template, where a theme replaces them", () => {
  const { layout } = plotHeatMap({ title: "t", z: [[1]] }).toPlotly();
  expect(layout).not.toHaveProperty("font");
  expect(layout).toHaveProperty("template.layout.font.color", "#777777");
  expect(layout).not.toHaveProperty("paper_bgcolor");
});

test("axis titles keep their distance from the numbers, so that Plotly widens the margin", () => {
  const { layout } = plotLine({ title: "t", y: [1e6, 2e6] }).toPlotly();
  const { xaxis, yaxis } = layout as Record<"xaxis" | "yaxis", object>;
  for (const axis of [xaxis, yaxis]) {
    expect(axis).toMatchObject({ automargin: true, title: { standoff: 8 } });
  }
});
