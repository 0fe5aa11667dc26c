// Series of points: what a caller writes, checked and filled in.
import type { Datum } from "./description.ts";
import { argumentProblem } from "./problems.ts";
import { finite, readValues, requireSameLength, type Values } from "./values.ts";
import type { NamedSeries } from "./words.ts";

/** How the points of a series are shown. */
export type Mark = "line" | "points" | "both";

/** One series of a chart with two axes. */
export interface SeriesOptions {
  /** Name in the legend. */
  name?: string;
  /** Places along the x axis; 0, 1, 2 ... when left out. */
  x?: Values;
  y: Values;
  /** Overrides what the kind of figure does. */
  mark?: Mark;
  /** Text over each point. */
  labels?: readonly string[];
}

/** What `plotLine` and `plotScatter` take: `y` (and `x`) for one series, or `series` for several. */
export interface XyOptions {
  title: string;
  x?: Values;
  y?: Values;
  series?: readonly SeriesOptions[];
  xLabel?: string;
  yLabel?: string;
  /** Logarithmic axes: equal distances are equal factors. */
  logX?: boolean;
  logY?: boolean;
  /** Fixed ends of an axis, instead of the data's. */
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  /** Pixels, 400 when left out. */
  height?: number;
  /** Said instead of the picture; derived from the data when left out. */
  alt?: string;
}

/** A series that was read. */
export interface ReadSeries extends NamedSeries {
  x: Datum[];
  y: Datum[];
  mark: Mark | undefined;
  labels: string[] | undefined;
}

/**
 * The series of `options`.
 *
 * @param who - the figure function, for messages
 * @throws {ArgumentError} when there is none, or one has nothing to show
 * @throws {ShapeError} when `x` and `y` of one differ in length
 */
export function readSeries(who: string, options: XyOptions): ReadSeries[] {
  const given = seriesGiven(who, options);
  return given.map((one, index) => {
    const at = options.series === undefined ? who : `${who}: series[${index}]`;
    const y = readValues(`${at}.y`, one.y);
    const x = one.x === undefined ? y.map((_, place) => place) : readValues(`${at}.x`, one.x);
    requireSameLength([`${at}.x`, x.length], [`${at}.y`, y.length]);
    if (one.labels) requireSameLength([`${at}.labels`, one.labels.length], [`${at}.y`, y.length]);
    return {
      name: one.name,
      mark: one.mark,
      labels: one.labels?.map(String),
      x: options.logX ? positive(`${at}.x`, x) : x,
      y: options.logY ? positive(`${at}.y`, y) : y,
    };
  });
}

function seriesGiven(who: string, options: XyOptions): readonly SeriesOptions[] {
  const { series, x, y } = options;
  if (series !== undefined && series.length > 0) return series;
  if (series === undefined && y !== undefined) return [{ y, ...(x === undefined ? {} : { x }) }];
  throw argumentProblem({
    expected: `${who} needs y, or series with at least one entry`,
    got: series === undefined ? "neither" : "an empty series list",
    fix: `Write ${who}({ title, y: [1, 2, 3] }) or ${who}({ title, series: [{ name, y }] }).`,
  });
}

/** On a logarithmic axis only positive numbers have a place; the others become gaps. */
function positive(who: string, data: Datum[]): Datum[] {
  const shown = data.map((value) => (value !== null && value > 0 ? value : null));
  if (finite(shown).length > 0) return shown;
  throw argumentProblem({
    expected: `${who} must hold a positive number for a logarithmic axis`,
    got: "none",
    fix: "Draw it without logX or logY.",
  });
}
