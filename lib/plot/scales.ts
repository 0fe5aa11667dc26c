// From numbers to places: the range of an axis, and where its ticks and points fall on paper.
import { scaleLinear, scaleLog } from "d3-scale";
import type { Axis } from "./description.ts";
import { formatNumber, formatPower, looksLikeYear } from "./numbers.ts";
import { extent } from "./values.ts";

/** Share of the data's range left free at each end, so that no point touches the frame. */
const PADDING = 0.04;

/** An axis writes at most so many names, or powers of ten. */
const MOST_NAMES = 20;
const MOST_DECADES = 8;

/** What an axis is made of, before its range is known. */
export interface AxisOptions {
  label: string;
  /** Powers of ten at equal distances. */
  log?: boolean | undefined;
  /** Zero belongs to the axis, as bars stand on it. */
  zero?: boolean | undefined;
  /** Few whole numbers, such as epochs, get a tick each and none between. */
  whole?: boolean | undefined;
  /** Fixed ends instead of the data's. */
  range?: readonly [number, number] | undefined;
}

/** One tick: its place in pixels and what is written there. */
export interface Tick {
  at: number;
  label: string;
}

/** An axis on paper. */
export interface PlacedAxis {
  place(value: number): number;
  ticks: Tick[];
}

/** The axis that shows all of `values` (positive ones only, if it is logarithmic). */
export function axisFor(values: readonly number[], options: AxisOptions): Axis {
  const log = options.log ?? false;
  const range = log ? logRange(values, options) : linearRange(values, options);
  return {
    label: options.label,
    type: log ? "log" : "linear",
    range,
    ...(log ? logTicks(range) : options.whole ? wholeTicks(options.range ?? values) : {}),
    visible: true,
    showgrid: true,
  };
}

/** An axis whose positions 0, 1, 2 ... have names; `reversed` puts position 0 on top. */
export function namedAxis(
  label: string,
  names: readonly string[],
  reversed: boolean = false,
): Axis {
  const range: [number, number] = [-0.5, names.length - 0.5];
  const every = stepFor(names.length / MOST_NAMES);
  const tickvals = names.map((_, index) => index).filter((index) => index % every === 0);
  return {
    ...axisFor([], { label, range }),
    range: reversed ? [range[1], range[0]] : range,
    showgrid: false,
    tickvals,
    ticktext: tickvals.map((index) => names[index] as string),
  };
}

/** Puts an axis on the pixels from `start` to `end`, with about `count` ticks. */
export function placeAxis(
  axis: Axis,
  [start, end]: readonly [number, number],
  count: number,
): PlacedAxis {
  const scale =
    axis.type === "log"
      ? scaleLog()
          .domain(axis.range.map((exponent) => 10 ** exponent))
          .range([start, end])
      : scaleLinear().domain(axis.range).range([start, end]);
  const place = (value: number): number => scale(value);
  if (axis.tickvals !== undefined) {
    const label = (index: number): string => axis.ticktext?.[index] ?? "";
    return {
      place,
      ticks: axis.tickvals.map((value, index) => ({ at: place(value), label: label(index) })),
    };
  }
  const values = scale.ticks(count);
  // An axis whose ticks are all whole and of four digits may show years.
  const label = values.every(looksLikeYear) ? String : formatNumber;
  return { place, ticks: values.map((value) => ({ at: place(value), label: label(value) })) };
}

/** The smallest axis that holds both, so that frames can be compared. */
export function unionOf(first: Axis, second: Axis): Axis {
  const reversed = first.range[0] > first.range[1];
  const [low, high] = extent([...first.range, ...second.range]);
  const range: [number, number] = reversed ? [high, low] : [low, high];
  return { ...first, range, ...(first.type === "log" ? logTicks(range) : {}) };
}

function linearRange(values: readonly number[], options: AxisOptions): [number, number] {
  if (options.range !== undefined) return [options.range[0], options.range[1]];
  const [low, high] = extent(options.zero ? [...values, 0] : values);
  const margin = (high - low || Math.abs(high) || 1) * PADDING;
  const keepsZero = (end: number): boolean => options.zero === true && end === 0;
  return [keepsZero(low) ? 0 : low - margin, keepsZero(high) ? 0 : high + margin];
}

function logRange(values: readonly number[], options: AxisOptions): [number, number] {
  const shown = (options.range ?? values).filter((value) => value > 0);
  const [low, high] = extent(shown.map(Math.log10));
  if (options.range !== undefined) return [low, high];
  const margin = (high - low || 1) * PADDING;
  return [low - margin, high + margin];
}

/** A tick for each whole number, when the values are whole and span 2 to 10. */
function wholeTicks(values: readonly number[]): Partial<Pick<Axis, "tickvals" | "ticktext">> {
  const [low, high] = extent(values);
  if (high - low < 2 || high - low > 10 || !values.every(Number.isInteger)) return {};
  const tickvals = Array.from({ length: high - low + 1 }, (_, index) => low + index);
  return { tickvals, ticktext: tickvals.map(formatNumber) };
}

/** Ticks of a logarithmic axis: powers of ten, and 2 and 5 times those where there is room. */
function logTicks([low, high]: readonly [number, number]): {
  tickvals: number[];
  ticktext: string[];
} {
  const decades = high - low;
  const every = stepFor(decades / MOST_DECADES);
  const steps = decades < 1 ? [1, 1.5, 2, 3, 4, 5, 6, 8] : decades < 2.5 ? [1, 2, 5] : [1];
  const tickvals: number[] = [];
  for (let exponent = Math.floor(low); exponent <= Math.ceil(high); exponent += 1) {
    if (exponent % every !== 0) continue;
    tickvals.push(...steps.map((step) => Number(`${step}e${exponent}`)));
  }
  const shown = tickvals.filter(
    (tick) => Math.log10(tick) >= low - 1e-9 && Math.log10(tick) <= high + 1e-9,
  );
  // All as powers or none: "1,000,000" under "1e7" would hide that the steps are equal.
  const asPowers = shown.some((tick) => tick >= 1e7 || tick < 1e-3);
  return { tickvals: shown, ticktext: shown.map(asPowers ? formatPower : formatNumber) };
}

/** The smallest of 1, 2, 5, 10, 20, 50 ... that is not below `least`. */
function stepFor(least: number): number {
  const decade = 10 ** Math.max(0, Math.floor(Math.log10(least)));
  return [1, 2, 5, 10].map((step) => step * decade).find((step) => step >= least) ?? 1;
}
