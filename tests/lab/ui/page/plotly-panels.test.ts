// Panels of gradlab's figures below one another: what moves, and which figures stay as they are.
import { expect, test } from "vitest";
import { readFigure } from "../../../../lab/ui/page/plotly-figure.ts";
import { stackedLayout } from "../../../../lab/ui/page/plotly-panels.ts";
import { type Figure, plotHeatMap, plotLine, plotPanels } from "../../../../lib/index.ts";

const line = (title: string): Figure =>
  plotLine({ title, x: [0, 1], y: [0, 1], xLabel: "t", yLabel: "y" });
const two = plotPanels([line("left"), line("right")], { title: "Both", height: 320 });

/** The parts of a layout that stacking changes. */
interface Parts {
  height: number;
  xaxis: { domain: number[] };
  yaxis: { domain?: number[] };
  xaxis2: { domain: number[] };
  yaxis2: { domain: [number, number] };
  annotations: { text: string; y: number }[];
}

test("panels take the whole width, the first one on top, each as high as before", () => {
  const figure = readFigure(two.toPlotly());
  const { height, xaxis, yaxis, xaxis2, yaxis2 } = stackedLayout(figure) as unknown as Parts;
  expect([xaxis.domain, xaxis2.domain]).toEqual([
    [0, 1],
    [0, 1],
  ]);
  const [bottom, top] = yaxis.domain as [number, number];
  expect(top).toBe(1);
  expect(yaxis2.domain[0]).toBeCloseTo(0);
  expect(yaxis2.domain[1]).toBeCloseTo(top - bottom);
  expect(yaxis2.domain[1]).toBeLessThan(bottom);
  const { margin } = figure.layout as { margin: { t: number; b: number } };
  const plot = 320 - margin.t - margin.b;
  expect((top - bottom) * (height - margin.t - margin.b)).toBeCloseTo(plot);
});

test("headings stay over their panels", () => {
  const stacked = stackedLayout(readFigure(two.toPlotly())) as unknown as Parts;
  const [first, second] = stacked.annotations;
  expect(first).toMatchObject({ text: "<b>left</b>", y: 1 });
  expect(second).toMatchObject({ text: "<b>right</b>", y: stacked.yaxis2.domain[1] });
});

test.each([
  ["of one panel", line("alone").toPlotly()],
  [
    "with the scale of a heat map",
    plotPanels([plotHeatMap({ title: "map", z: [[1, 2]] }), line("line")], {
      title: "Both",
    }).toPlotly(),
  ],
  [
    "whose rows somebody else has placed",
    {
      data: [],
      layout: {
        xaxis: { domain: [0, 1] },
        xaxis2: { domain: [0, 1] },
        yaxis: { domain: [0, 0.4] },
        yaxis2: { domain: [0.6, 1] },
      },
    },
  ],
])("a figure %s stays as it is", (_what, payload) => {
  expect(stackedLayout(readFigure(payload))).toBeUndefined();
});
