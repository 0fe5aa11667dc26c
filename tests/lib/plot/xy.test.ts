// Line and scatter charts: traces, gaps, alt text and what is refused.
// Covers: lib/plot/series.ts, lib/plot/traces.ts
import { describe, expect, test } from "vitest";
import { ArgumentError, ShapeError } from "../../../lib/errors.ts";
import type { ScatterTrace } from "../../../lib/plot/description.ts";
import { plotLine, plotScatter } from "../../../lib/plot/xy.ts";

const traces = (figure: ReturnType<typeof plotLine>): ScatterTrace[] =>
  figure.description.panels[0]?.data as ScatterTrace[];

describe("plotLine", () => {
  test("counts x from 0 when only y is given", () => {
    const [trace] = traces(plotLine({ title: "t", y: [5, 6, 7] }));
    expect([trace?.x, trace?.y, trace?.showlegend]).toEqual([[0, 1, 2], [5, 6, 7], false]);
  });

  test("gives every series its own colour, dash and marker, and names it in the legend", () => {
    const figure = plotLine({
      title: "t",
      series: [
        { name: "a", y: [1] },
        { name: "b", y: [2] },
      ],
    });
    const [a, b] = traces(figure);
    expect([a?.name, b?.name, a?.showlegend]).toEqual(["a", "b", true]);
    expect(a?.line.color).not.toBe(b?.line.color);
    expect([a?.line.dash, b?.line.dash]).toEqual(["solid", "7px,4px"]);
    expect(a?.marker.symbol).not.toBe(b?.marker.symbol);
  });

  test("marks the points of short lines only", () => {
    const modes = [5, 50].map((length) =>
      traces(plotLine({ title: "t", y: new Float32Array(length) })),
    );
    expect(modes.map(([trace]) => trace?.mode)).toEqual(["lines+markers", "lines"]);
  });

  test("leaves a gap for what is not finite, and on a logarithmic axis for what is not positive", () => {
    expect(traces(plotLine({ title: "t", y: [1, Number.NaN, 3] }))[0]?.y).toEqual([1, null, 3]);
    expect(traces(plotLine({ title: "t", y: [1, 0, 3], logY: true }))[0]?.y).toEqual([1, null, 3]);
  });

  test("derives its alt text from axes, range and trend", () => {
    const figure = plotLine({ title: "t", y: [3, 1, 2], xLabel: "step", yLabel: "loss" });
    expect(figure.alt).toBe(
      "Line chart: loss against step from 0 to 2. The line falls from 3 to 2, lowest 1 at step 1.",
    );
  });

  test("sketches each series as text", () => {
    expect(plotLine({ title: "t", series: [{ name: "a", y: [1, 2] }] }).toText()).toMatch(
      /\na ▁█$/,
    );
  });

  test.each([
    [
      {},
      ArgumentError,
      "plotLine needs y, or series with at least one entry, got neither. Write plotLine(",
    ],
    [{ series: [] }, ArgumentError, "got an empty series list."],
    [{ y: [] }, ArgumentError, "plotLine.y must hold at least one number, got an empty list."],
    [
      { x: [1], y: [1, 2] },
      ShapeError,
      "plotLine.x must have as many entries as plotLine.y (2), got 1.",
    ],
    [{ y: [-1], logY: true }, ArgumentError, "plotLine.y must hold a positive number"],
    [{ series: [{ y: [1] }, { y: [] }] }, ArgumentError, "plotLine: series[1].y must hold"],
  ])("refuses %j with what to do", (options, kind, message) => {
    const draw = (): unknown => plotLine({ title: "t", ...options });
    expect(draw).toThrow(kind);
    expect(draw).toThrow(message);
  });
});

describe("plotScatter", () => {
  test("shows points, and lines where a series asks for it", () => {
    const figure = plotScatter({
      title: "t",
      series: [
        { name: "people", x: [1, 2], y: [3, 4] },
        { name: "fit", x: [1, 2], y: [3, 4], mark: "line" },
      ],
    });
    expect(traces(figure).map(({ mode }) => mode)).toEqual(["markers", "lines"]);
    expect(traces(figure)[1]?.line.dash).toBe("solid");
  });

  test("derives its alt text from the ranges of the clouds", () => {
    const figure = plotScatter({
      title: "t",
      x: [1, 2],
      y: [3, 5],
      xLabel: "height",
      yLabel: "mass",
    });
    expect(figure.alt).toBe(
      "Scatter chart of mass against height. 2 points, height 1 to 2, mass 3 to 5.",
    );
  });
});

describe("labels of points", () => {
  const figure = plotScatter({
    title: "Networks",
    series: [{ x: [1998, 2012], y: [6e4, 6e7], labels: ["LeNet-5", "Alex<Net>"] }],
    logY: true,
  });

  test("stand in the picture and in Plotly's text, escaped", () => {
    expect(figure.toSvg()).toContain(">LeNet-5</text>");
    expect(figure.toSvg()).toContain(">Alex&lt;Net&gt;</text>");
    expect(figure.toPlotly().data[0]).toMatchObject({
      mode: "markers+text",
      text: ["LeNet-5", "Alex&lt;Net&gt;"],
    });
  });

  test("must be one for each point", () => {
    const series = [{ y: [1, 2], labels: ["one"] }];
    expect(() => plotScatter({ title: "t", series })).toThrow(ShapeError);
  });
});

describe("what leaves a fixed range", () => {
  const steep = (yRange: [number, number]): string =>
    plotLine({ title: "t", y: [0, 1, 9], yRange }).toSvg();

  test("is cut off at the edge of the plot, line and markers", () => {
    expect(steep([0, 10]).match(/<svg/g)).toHaveLength(1);
    expect(steep([0, 2]).match(/<svg/g)).toHaveLength(2);
    const markers = (svg: string): number => svg.match(/translate\(/g)?.length ?? 0;
    expect(markers(steep([0, 10])) - markers(steep([0, 2]))).toBe(1);
  });
});
