// What a figure says in words and letters, made from its data: alt text and a rough sketch.
import type { Datum } from "./description.ts";
import { formatNumber, formatSpan } from "./numbers.ts";
import { extent, finite } from "./values.ts";

/** A series as the words need it. */
export interface NamedSeries {
  name: string | undefined;
  x: readonly Datum[];
  y: readonly Datum[];
}

/** Levels of a sketched line, lowest first. */
const LEVELS = "▁▂▃▄▅▆▇█";

/** "loss against step from 0 to 500"; without a name for y, "step from 0 to 500". */
export function axesInWords(labels: { x: string; y: string }, xs: readonly number[]): string {
  const [low, high] = extent(xs);
  const over = [labels.x, "from", formatSpan(low, high)].filter((word) => word !== "").join(" ");
  return labels.y === "" ? over : `${labels.y} against ${over}`;
}

/** "train falls from 2.3 to 0.1, lowest 0.09 at step 480". */
export function trendInWords(series: NamedSeries, xLabel: string): string {
  const points = pointsOf(series);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return `${series.name ?? "the series"} is empty`;
  const who = series.name ?? "the line";
  const missing = series.y.length - points.length;
  const gaps = missing === 0 ? "" : ` (${formatNumber(missing)} not finite and left out)`;
  if (points.length === 1) return `${who} is the one point ${formatNumber(first.y)}${gaps}`;
  const [low, high] = extent(points.map((point) => point.y));
  if (low === high) return `${who} stays at ${formatNumber(low)}${gaps}`;
  const turn = turningPoint(points, xLabel);
  return `${who} ${verb(points)} ${formatNumber(first.y)} to ${formatNumber(last.y)}${turn}${gaps}`;
}

/** The points of a series that have both numbers. */
export function pointsOf({ x, y }: NamedSeries): { x: number; y: number }[] {
  return x.flatMap((value, index) => {
    const other = y[index] ?? null;
    return value === null || other === null ? [] : [{ x: value, y: other }];
  });
}

/** A line of at most `width` letters whose heights follow the numbers: "▇▅▃▂▁". */
export function sparkline(data: readonly Datum[], width: number = 40): string {
  const [low, high] = extent(finite(data));
  const count = Math.min(width, data.length);
  return Array.from({ length: count }, (_, place) => {
    const start = Math.floor((place * data.length) / count);
    const group = finite(data.slice(start, Math.floor(((place + 1) * data.length) / count)));
    if (group.length === 0) return " ";
    const mean = group.reduce((sum, value) => sum + value, 0) / group.length;
    const level =
      high === low ? 3 : Math.round(((mean - low) / (high - low)) * (LEVELS.length - 1));
    return LEVELS[level];
  }).join("");
}

/** A bar of letters, `width` of them for the size `full`. */
export function letterBar(value: Datum, full: number, width: number = 24): string {
  if (value === null || full === 0) return "";
  return "█".repeat(Math.round((Math.abs(value) / full) * width));
}

/** Names in a row for a sentence: "a, b and c"; after six the rest is counted. */
export function listInWords(names: readonly string[]): string {
  if (names.length > 6) return `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`;
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** The text with a capital first letter, to begin a sentence. */
export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function verb(points: readonly { y: number }[]): string {
  const [first, last] = [points[0]?.y ?? 0, points.at(-1)?.y ?? 0];
  const [low, high] = extent(points.map((point) => point.y));
  const change = (last - first) / (high - low);
  if (Math.abs(change) < 0.05) return "goes from";
  return change > 0 ? "rises from" : "falls from";
}

/** The lowest or highest point, when it is neither of the ends. */
function turningPoint(points: readonly { x: number; y: number }[], xLabel: string): string {
  const inner = points.slice(1, -1);
  const ends = [points[0]?.y ?? 0, points.at(-1)?.y ?? 0];
  const lowest = inner.find((point) => point.y === extent(points.map(({ y }) => y))[0]);
  const highest = inner.find((point) => point.y === extent(points.map(({ y }) => y))[1]);
  const said = (word: string, point: { x: number; y: number } | undefined): string =>
    point === undefined || ends.includes(point.y)
      ? ""
      : `, ${word} ${formatNumber(point.y)} at ${xLabel} ${formatNumber(point.x)}`;
  return said("lowest", lowest) + said("highest", highest);
}
