// Bars: one amount per name, one group of bars per name when there are several series, and counts of a list.
import type { Datum } from "./description.ts";
import { Figure } from "./figure.ts";
import { countOf, formatNumber, roundTo } from "./numbers.ts";
import { argumentProblem } from "./problems.ts";
import { axisFor, namedAxis } from "./scales.ts";
import { barTrace, simpleFigure } from "./traces.ts";
import {
  extent,
  finite,
  readValues,
  requireSameLength,
  type Values,
  type Names,
  readNames,
} from "./values.ts";
import { capitalise, letterBar } from "./words.ts";

/** What `plotBars` takes: `y` for one bar per name, or `series` for a group per name. */
export interface BarsOptions {
  title: string;
  /** Names under the bars; 0, 1, 2 ... when left out. */
  x?: Names;
  y?: Values;
  series?: readonly { name?: string; y: Values }[];
  xLabel?: string;
  yLabel?: string;
  /** Fixed ends of the y axis, instead of the data's. */
  yRange?: readonly [number, number];
  /** Pixels, 400 when left out. */
  height?: number;
  /** Said instead of the picture; derived from the data when left out. */
  alt?: string;
}

/** What `plotHistogram` takes. */
export interface HistogramOptions {
  title: string;
  values: Values;
  /** Number of equal bins; the square root of the count, at most 40, when left out. */
  bins?: number;
  xLabel?: string;
  /** Pixels, 400 when left out. */
  height?: number;
  /** Said instead of the picture; derived from the data when left out. */
  alt?: string;
}

interface ReadBars {
  name: string | undefined;
  y: Datum[];
}

/** Up to this many names, the text of a figure lists every bar. */
const LISTED_BARS = 20;

/**
 * A bar chart that stands on zero.
 *
 * @example plotBars({ x: ["red", "green"], y: [3, 5], title: "Votes", xLabel: "colour", yLabel: "votes" })
 * @throws {ArgumentError} when there is nothing to draw
 * @throws {ShapeError} when names and numbers differ in length
 */
export function plotBars(options: BarsOptions): Figure {
  const series = readBars(options);
  const names = readNames(options.x ?? series[0]?.y.map((_, index) => index) ?? []);
  for (const [index, { y }] of series.entries()) {
    const at = options.series === undefined ? "plotBars.y" : `plotBars: series[${index}].y`;
    requireSameLength([at, y.length], ["x", names.length]);
  }
  const positions = names.map((_, index) => index);
  const data = series.map(({ name, y }, index) =>
    barTrace(index, { name, x: positions, y, text: names }),
  );
  const all = finite(series.flatMap(({ y }) => y));
  const yaxis = axisFor(all, {
    label: options.yLabel ?? "value",
    zero: true,
    range: options.yRange,
  });
  const xaxis = namedAxis(options.xLabel ?? "", names);
  return new Figure(
    simpleFigure({ title: options.title, height: options.height }, { data, xaxis, yaxis }),
    { alt: options.alt ?? barsInWords(series, names, options), sketch: sketchBars(series, names) },
  );
}

/**
 * A histogram: how many of the values fall into each of some equal bins.
 *
 * @example plotHistogram({ values: layer.weight.value, title: "Weights", xLabel: "weight" })
 * @throws {ArgumentError} when there is nothing to count, or `bins` is no whole number from 1 to 500
 */
export function plotHistogram(options: HistogramOptions): Figure {
  const values = finite(readValues("plotHistogram: values", options.values));
  const bins = options.bins ?? Math.min(40, Math.ceil(Math.sqrt(values.length)));
  const { counts, low, width } = countInBins(values, bins);
  const middles = counts.map((_, index) => low + (index + 0.5) * width);
  const edge = (index: number): string => formatNumber(roundTo(low + index * width, 4));
  const names = counts.map((_, index) => `${edge(index)} to ${edge(index + 1)}`);
  const trace = { ...barTrace(0, { name: undefined, x: middles, y: counts, text: names }), width };
  const ends: [number, number] = [low, low + counts.length * width];
  const xLabel = options.xLabel ?? "value";
  const fullest = counts.indexOf(Math.max(...counts));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const alt =
    `Histogram of ${countOf(values.length, "value")}${options.xLabel ? ` of ${options.xLabel}` : ""} from ${formatNumber(ends[0])} to ` +
    `${formatNumber(ends[1])} in ${countOf(bins, "bin")}. Mean ${formatNumber(mean)}; the fullest bin, ` +
    `${names[fullest]}, holds ${formatNumber(counts[fullest] ?? 0)}.`;
  const xaxis = axisFor(ends, { label: xLabel });
  const yaxis = axisFor(counts, { label: "count", zero: true });
  const sketch =
    counts.length > LISTED_BARS ? [] : sketchBars([{ name: undefined, y: counts }], names);
  return new Figure(
    simpleFigure({ title: options.title, height: options.height }, { data: [trace], xaxis, yaxis }),
    { alt: options.alt ?? alt, sketch },
  );
}

function readBars({ series, y }: BarsOptions): ReadBars[] {
  if (series !== undefined && series.length > 0) {
    return series.map((one, index) => ({
      name: one.name,
      y: readValues(`plotBars: series[${index}].y`, one.y),
    }));
  }
  if (series === undefined && y !== undefined) {
    return [{ name: undefined, y: readValues("plotBars.y", y) }];
  }
  throw argumentProblem({
    expected: "plotBars needs y, or series with at least one entry",
    got: series === undefined ? "neither" : "an empty series list",
    fix: "Write plotBars({ title, x: names, y: numbers }).",
  });
}

function countInBins(
  values: readonly number[],
  bins: number,
): { counts: number[]; low: number; width: number } {
  if (!Number.isInteger(bins) || bins < 1 || bins > 500) {
    throw argumentProblem({
      expected: "plotHistogram: bins must be a whole number from 1 to 500",
      got: String(bins),
      fix: "Leave it out to let the figure choose.",
    });
  }
  const [least, greatest] = extent(values);
  const low = least === greatest ? least - 0.5 : least;
  const width = (least === greatest ? 1 : greatest - least) / bins;
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor((value - low) / width));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { counts, low, width };
}

function barsInWords(
  series: readonly ReadBars[],
  names: readonly string[],
  options: BarsOptions,
): string {
  const parts = series.map(({ name, y }) => {
    const [low, high] = extent(finite(y));
    const who = name === undefined ? "" : `${name}: `;
    const at = (value: number): string => `${formatNumber(value)} at ${names[y.indexOf(value)]}`;
    return low === high
      ? `${who}all ${formatNumber(low)}`
      : `${who}highest ${at(high)}, lowest ${at(low)}`;
  });
  const what = `${options.yLabel ?? "value"} for each of ${countOf(names.length, "name")}`;
  return `Bar chart: ${what}${options.xLabel ? ` (${options.xLabel})` : ""}. ${capitalise(parts.join("; "))}.`;
}

function sketchBars(series: readonly ReadBars[], names: readonly string[]): string[] {
  if (names.length > LISTED_BARS) return [];
  const full = Math.max(...finite(series.flatMap(({ y }) => y)).map(Math.abs));
  const wide = Math.max(...names.map((name) => name.length));
  return series.flatMap(({ name, y }) => [
    ...(name === undefined ? [] : [`${name}:`]),
    ...y.map((value, index) => {
      const amount = value === null ? "-" : formatNumber(value);
      return `${(names[index] as string).padStart(wide)} ${letterBar(value, full)} ${amount}`;
    }),
  ]);
}
