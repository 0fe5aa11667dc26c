// Every kind of figure must keep the same promises.
import { describe, expect, test } from "vitest";
import { plotBars, plotHistogram } from "../../../lib/plot/bars.ts";
import type { Figure, FigureBundle } from "../../../lib/plot/figure.ts";
import { plotFrames } from "../../../lib/plot/frames.ts";
import { plotHeatMap } from "../../../lib/plot/heat-map.ts";
import { plotImages } from "../../../lib/plot/images.ts";
import { plotPanels } from "../../../lib/plot/panels.ts";
import { plotLine, plotScatter } from "../../../lib/plot/xy.ts";
import { readXml } from "../../support/xml.ts";

const HOSTILE = `<script>alert("1")</script> & 'co'\u0000`;
const SHOWN = HOSTILE.replace("\u0000", "");

const FIGURES: [string, (title: string, alt?: { alt: string }) => Figure][] = [
  [
    "line chart",
    (title, alt) =>
      plotLine({
        title,
        series: [{ name: title, y: [1, 2] }, { y: [2, 1] }],
        xLabel: title,
        yLabel: title,
        ...alt,
      }),
  ],
  ["scatter chart", (title, alt) => plotScatter({ title, x: [1, 2], y: [3, 1], ...alt })],
  ["bar chart", (title, alt) => plotBars({ title, x: [title, "b"], y: [3, -1], ...alt })],
  [
    "histogram",
    (title, alt) => plotHistogram({ title, values: [1, 2, 2, 3], xLabel: title, ...alt }),
  ],
  [
    "heat map",
    (title, alt) => plotHeatMap({ title, z: [[1, 2]], x: [title, "b"], zLabel: title, ...alt }),
  ],
  [
    "figure with a slider",
    (title, alt) =>
      plotFrames((value) => plotLine({ title, y: [value, 1] }), {
        name: title,
        values: [1, 2],
        ...alt,
      }),
  ],
  [
    "row of panels",
    (title, alt) =>
      plotPanels([plotLine({ title, y: [1, 2] }), plotBars({ title, y: [1] })], { title, ...alt }),
  ],
  ["image grid", (title, alt) => plotImages([[0, 1, 1, 0]], { title, labels: [title], ...alt })],
];

const shown = (figure: Figure): FigureBundle =>
  (figure as unknown as Record<symbol, () => FigureBundle>)[Symbol.for("Jupyter.display")]?.() ??
  {};

describe.each(FIGURES)("a %s", (_, build) => {
  test("shows itself in three forms under the notebook's symbol", () => {
    const bundle = shown(build("Title"));
    expect(Object.keys(bundle)).toEqual([
      "application/vnd.plotly.v1+json",
      "image/svg+xml",
      "text/plain",
    ]);
    expect(bundle["text/plain"]).toMatch(/^Title\n/);
  });

  test("is plain data for Plotly that survives JSON", () => {
    const plotly = build("Title").toPlotly();
    expect(Object.keys(plotly)).toEqual(["data", "layout", "frames", "config"]);
    expect(JSON.parse(JSON.stringify(plotly))).toEqual(plotly);
  });

  test("has an alt text that the picture and the interactive form carry", () => {
    const figure = build("Title");
    expect(figure.alt.length).toBeGreaterThan(20);
    const [svg, title, desc] = readXml(figure.toSvg());
    expect(svg?.attributes).toMatchObject({ role: "img", "aria-label": figure.alt });
    expect([title?.name, title?.text]).toEqual(["title", "Title"]);
    expect([desc?.name, desc?.text]).toEqual(["desc", figure.alt]);
    expect(figure.toPlotly().layout).toMatchObject({ meta: { alt: figure.alt } });
  });

  test("says the alt text that it was given", () => {
    expect(build("Title", { alt: "Two values." }).alt).toBe("Two values.");
  });

  test("shows markup in labels as text, in both forms", () => {
    const figure = build(HOSTILE);
    const elements = readXml(figure.toSvg());
    expect(elements.filter(({ name }) => name === "script")).toEqual([]);
    expect(elements.some(({ text }) => text === SHOWN)).toBe(true);
    expect(JSON.stringify(figure.toPlotly().data)).not.toContain("<script");
    expect(
      JSON.stringify(figure.toPlotly().layout).replace(JSON.stringify({ alt: figure.alt }), ""),
    ).not.toContain("<script");
  });

  test("has no background and no colour of text but the one for both themes", () => {
    const figure = build("Title");
    const texts = readXml(figure.toSvg()).filter(({ name }) => name === "text");
    const onCells = /^#(000000|ffffff)$/;
    expect(
      texts.every(
        ({ attributes }) =>
          /^#777777$/.test(attributes["fill"] ?? "") || onCells.test(attributes["fill"] ?? ""),
      ),
    ).toBe(true);
    expect(figure.toPlotly().layout).toMatchObject({
      template: { layout: { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" } },
    });
  });
});
