// Fewer points for the static picture, where more could not be told apart anyway.

/** A point on paper, or a gap. */
export type PlacedPoint = [number, number] | null;

const LINE_POINTS = 2000;
const MARKERS = 1200;

/** At most about 2,000 points of a line: per stretch its lowest and its highest, so that no spike is lost. */
export function thinLine(points: readonly PlacedPoint[]): PlacedPoint[] {
  if (points.length <= LINE_POINTS) return [...points];
  const stretch = Math.ceil(points.length / (LINE_POINTS / 2));
  const kept: PlacedPoint[] = [];
  for (let start = 0; start < points.length; start += stretch) {
    kept.push(...lowestAndHighest(points.slice(start, start + stretch)));
  }
  return kept;
}

/** At most 1,200 markers, evenly taken. */
export function thinPoints<Point>(points: readonly Point[]): Point[] {
  const every = Math.ceil(points.length / MARKERS);
  return points.filter((_, index) => index % every === 0);
}

function lowestAndHighest(points: readonly PlacedPoint[]): PlacedPoint[] {
  const shown = points.filter((point) => point !== null);
  const [first, ...others] = shown;
  if (first === undefined) return [null];
  const lowest = others.reduce((low, point) => (point[1] < low[1] ? point : low), first);
  const highest = others.reduce((high, point) => (point[1] > high[1] ? point : high), first);
  const pair = lowest[0] <= highest[0] ? [lowest, highest] : [highest, lowest];
  return shown.length < points.length ? [...pair, null] : pair;
}
