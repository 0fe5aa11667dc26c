// Lines and points: how one or more quantities go with another.
import type { ScatterTrace } from "./description.ts";
import { Figure } from "./figure.ts";
import { countOf, formatSpan } from "./numbers.ts";
import { axisFor } from "./scales.ts";
import { type Mark, type ReadSeries, readSeries, type XyOptions } from "./series.ts";
import { simpleFigure, scatterTrace } from "./traces.ts";
import { extent, finite } from "./values.ts";
import { axesInWords, capitalise, pointsOf, sparkline, trendInWords } from "./words.ts";

const MODES: Readonly<Record<Mark, ScatterTrace["mode"]>> = {
  line: "lines",
  points: "markers",
  both: "lines+markers",
};

/** Up to this many points a line also shows where its points are. */
const MARKED_POINTS = 20;

/**
 * A line chart of one series (`y`, with `x` unless it counts 0, 1, 2 ...) or of several (`series`). A number that is
 * not finite, or not positive on a logarithmic axis, leaves a gap.
 *
 * @example plotLine({ y: losses, title: "Loss", xLabel: "step", yLabel: "loss" })
 * @throws {ArgumentError} when there is nothing to draw
 * @throws {ShapeError} when `x` and `y` differ in length
 */
export function plotLine(options: XyOptions): Figure {
  const series = readSeries("plotLine", options);
  const alt = options.alt ?? lineInWords(series, options);
  const sketch = series.map(({ name, y }) => `${name ?? "y"} ${sparkline(y)}`);
  return xyFigure(series, options, { alt, sketch });
}

/**
 * A scatter chart: every pair of `x` and `y` is one point. A series with `mark: "line"` is drawn as a line through
 * the cloud.
 *
 * @example plotScatter({ x: heights, y: weights, title: "People", xLabel: "height (m)", yLabel: "mass (kg)" })
 * @throws {ArgumentError} when there is nothing to draw
 * @throws {ShapeError} when `x` and `y` differ in length
 */
export function plotScatter(options: XyOptions): Figure {
  const read = readSeries("plotScatter", options);
  const series = read.map((one): ReadSeries => ({ ...one, mark: one.mark ?? "points" }));
  const alt = options.alt ?? scatterInWords(series, options);
  return xyFigure(series, options, { alt, sketch: [] });
}

function xyFigure(
  series: readonly ReadSeries[],
  options: XyOptions,
  words: { alt: string; sketch: string[] },
): Figure {
  const { x, y } = labelsOf(options);
  const xs = finite(series.flatMap((one) => one.x));
  const ys = finite(series.flatMap((one) => one.y));
  const xaxis = axisFor(xs, { label: x, whole: true, log: options.logX, range: options.xRange });
  const yaxis = axisFor(ys, { label: y, log: options.logY, range: options.yRange });
  const data = series.map((one, index) => {
    const line = series.slice(0, index).filter((before) => markOf(before) !== "points").length;
    return scatterTrace(index, { ...one, line }, MODES[markOf(one)]);
  });
  return new Figure(
    simpleFigure({ title: options.title, height: options.height }, { data, xaxis, yaxis }),
    words,
  );
}

function markOf({ mark, y }: ReadSeries): Mark {
  return mark ?? (y.length <= MARKED_POINTS ? "both" : "line");
}

function labelsOf(options: XyOptions): { x: string; y: string } {
  return { x: options.xLabel ?? "index", y: options.yLabel ?? "value" };
}

function lineInWords(series: readonly ReadSeries[], options: XyOptions): string {
  const labels = labelsOf(options);
  const xs = finite(series.flatMap(({ x }) => x));
  const trends = series.map((one) => trendInWords(one, labels.x));
  return `Line chart: ${axesInWords(labels, xs)}. ${capitalise(trends.join("; "))}.`;
}

function scatterInWords(series: readonly ReadSeries[], options: XyOptions): string {
  const labels = labelsOf(options);
  const clouds = series.map((one) => {
    const points = pointsOf(one);
    const who = one.name === undefined ? "" : `${one.name}: `;
    const [x, y] = [points.map((point) => point.x), points.map((point) => point.y)];
    const spans = `${labels.x} ${spanOf(x)}, ${labels.y} ${spanOf(y)}`;
    return `${who}${countOf(points.length, "point")}, ${spans}`;
  });
  return `Scatter chart of ${labels.y} against ${labels.x}. ${capitalise(clouds.join("; "))}.`;
}

function spanOf(values: readonly number[]): string {
  const [low, high] = extent(values);
  return formatSpan(low, high);
}
