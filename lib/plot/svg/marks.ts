// The data of a static chart: lines, markers, bars and cells, drawn from the traces.
import {
  line as lineShape,
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  type SymbolType,
} from "d3-shape";
import { colourAt, type MarkerSymbol } from "../colours.ts";
import type { BarTrace, Datum, HeatMapTrace, ScatterTrace } from "../description.ts";
import { coordinate, element, label } from "./element.ts";
import type { PanelFrame } from "./frame.ts";
import { pngAddress } from "../../png.ts";
import { type PlacedPoint, thinLine, thinPoints } from "./thin.ts";

const SYMBOLS: Readonly<Record<MarkerSymbol, SymbolType>> = {
  circle: symbolCircle,
  square: symbolSquare,
  diamond: symbolDiamond,
  cross: symbolCross,
  "triangle-up": symbolTriangle,
  star: symbolStar,
};

/** Share of the room between two positions that bars fill, as in Plotly. */
const BAR_SHARE = 0.8;

/** All traces, the first at the bottom. */
export function drawTraces(frame: PanelFrame): string {
  const { data } = frame.panel;
  const bars = data.filter((trace) => trace.type === "bar");
  return data
    .map((trace) => {
      if (trace.type === "scatter") return drawScatter(trace, frame);
      if (trace.type === "heatmap") return drawCells(trace, frame);
      return drawBars(trace, frame, { index: bars.indexOf(trace), of: bars.length });
    })
    .join("");
}

/** Text that stands inside the plot. */
export function drawAnnotations({ panel, x, y }: PanelFrame): string {
  return panel.annotations
    .map(({ x: atX, y: atY, text, font, yanchor }) => {
      const baseline = y.place(atY) + (yanchor === "middle" ? font.size * 0.36 : -3);
      return label(text, [x.place(atX), baseline], { size: font.size, colour: font.color });
    })
    .join("");
}

/** A path in a series' colour and dash. */
export function linePath(d: string, style: ScatterTrace["line"]): string {
  return element("path", {
    d,
    fill: "none",
    stroke: style.color,
    "stroke-width": style.width,
    "stroke-linejoin": "round",
    "stroke-dasharray": style.dash === "solid" ? undefined : style.dash.replaceAll("px", ""),
  });
}

/** One marker of a series, around a point. */
export function markerPath(
  style: ScatterTrace["marker"],
  [x, y]: readonly [number, number],
): string {
  const d = symbol(SYMBOLS[style.symbol], style.size ** 2 * 0.8).digits(1)() ?? "";
  return element("path", {
    d,
    fill: style.color,
    transform: `translate(${coordinate(x)} ${coordinate(y)})`,
  });
}

function drawScatter(trace: ScatterTrace, frame: PanelFrame): string {
  const points = trace.x.map((x, index) => placePoint(x, trace.y[index] ?? null, frame));
  const shape = lineShape<[number, number] | null>()
    .defined((point) => point !== null)
    .x((point) => point?.[0] ?? 0)
    .y((point) => point?.[1] ?? 0)
    .digits(1);
  const line = trace.mode === "markers" ? "" : linePath(shape(thinLine(points)) ?? "", trace.line);
  const places = points.filter((point) => point !== null);
  const shown = places.filter((place) => isInside(place, frame));
  const path = shown.length === places.length ? line : clipped(line, frame);
  const marked = trace.mode === "lines" ? [] : thinPoints(shown);
  const markers = marked.map((place) => markerPath(trace.marker, place));
  return [path, ...markers, ...drawLabels(trace, points)].join("");
}

/** The labels over the points of a series. */
function drawLabels({ text = [], marker }: ScatterTrace, points: readonly PlacedPoint[]): string[] {
  return text.map((words, index) => {
    const point = points[index] ?? null;
    return point === null ? "" : label(words, [point[0], point[1] - marker.size]);
  });
}

/** Whether a point lies in the plot, give or take a pixel. */
function isInside([x, y]: readonly [number, number], { plot }: PanelFrame): boolean {
  return x > plot.left - 1 && x < plot.right + 1 && y > plot.top - 1 && y < plot.bottom + 1;
}

/** Markup that ends at the edges of the plot: a picture inside the picture cuts off what is outside. */
function clipped(markup: string, { plot: { left, right, top, bottom } }: PanelFrame): string {
  const size = { width: right - left, height: bottom - top };
  const viewBox = [left, top, size.width, size.height].map(coordinate).join(" ");
  return element("svg", { x: left, y: top, ...size, viewBox }, markup);
}

/** A point on paper; null where the number is missing or has no place on a log axis. */
function placePoint(x: Datum, y: Datum, frame: PanelFrame): [number, number] | null {
  if (x === null || y === null) return null;
  const place: [number, number] = [frame.x.place(x), frame.y.place(y)];
  return place.every(Number.isFinite) ? place : null;
}

function drawBars(
  trace: BarTrace,
  frame: PanelFrame,
  group: { index: number; of: number },
): string {
  const width = trace.width ?? BAR_SHARE / group.of;
  const shift = trace.width === undefined ? group.index * width - BAR_SHARE / 2 : -width / 2;
  // Bins touch: a hairline tells them apart on any background.
  const seam = trace.width === undefined ? 0 : 0.6;
  const zero = frame.y.place(0);
  const rects = trace.y.map((value, index) => {
    if (value === null) return "";
    const start = (trace.x[index] as number) + shift;
    const [left, right, end] = [
      frame.x.place(start),
      frame.x.place(start + width),
      frame.y.place(value),
    ];
    const size = { width: right - left - seam, height: Math.abs(end - zero) };
    return element("rect", { x: left, y: Math.min(end, zero), ...size });
  });
  return element("g", { fill: trace.marker.color }, ...rects);
}

function drawCells(trace: HeatMapTrace, frame: PanelFrame): string {
  const [rows, columns] = [trace.z.length, trace.z[0]?.length ?? 0];
  const pixels = new Uint8Array(rows * columns * 4);
  for (const [index, value] of trace.z.flat().entries()) {
    if (value === null) continue;
    const position = (value - trace.zmin) / (trace.zmax - trace.zmin || 1);
    pixels.set([...colourAt(trace.colorscale, position), 255], index * 4);
  }
  const [left, top] = [frame.x.place(-0.5), frame.y.place(-0.5)];
  return element("image", {
    x: left,
    y: top,
    width: frame.x.place(columns - 0.5) - left,
    height: frame.y.place(rows - 0.5) - top,
    preserveAspectRatio: "none",
    "image-rendering": "pixelated",
    href: pngAddress(columns, rows, pixels),
  });
}
