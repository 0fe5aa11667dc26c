// Where everything of a static chart goes: the title, the legend, the margins and the plot between them.
import type { Description, HeatMapTrace, Trace } from "../description.ts";
import { type PlacedAxis, placeAxis } from "../scales.ts";
import { textWidth, wrapText } from "./element.ts";

/** Width of every static chart, in pixels; viewers shrink it to fit. */
export const WIDTH = 700;

/** Height of one row of the legend, in pixels. */
export const LEGEND_ROW = 20;

const TITLE_SIZE = 15;
const TITLE_LINE = 20;
const TICK_GAP = 8;
const AXIS_TITLE = 22;
const COLOUR_BAR = 104;
const TURN = -35;

/** One entry of the legend: its trace and where it starts. */
export interface LegendEntry {
  trace: Trace;
  x: number;
  y: number;
}

/** The measures of one chart, in pixels. */
export interface ChartFrame {
  height: number;
  titleLines: string[];
  legend: LegendEntry[];
  plot: { left: number; right: number; top: number; bottom: number };
  x: PlacedAxis;
  y: PlacedAxis;
  /** Degrees by which the labels below the plot are turned, when they would not fit side by side. */
  turn: number;
}

/** The one trace with a colour bar, if there is one. */
export function colourBarOf(data: readonly Trace[]): HeatMapTrace | undefined {
  return data.find((trace) => trace.type === "heatmap" && trace.showscale) as
    | HeatMapTrace
    | undefined;
}

/** The lines of a headline. */
export function wrapTitle(title: string): string[] {
  return wrapText(title, WIDTH - 40, TITLE_SIZE * 1.05);
}

/** Measures a chart. */
export function frameOf({ data, layout }: Description): ChartFrame {
  const titleLines = wrapTitle(layout.title.text);
  const titleBottom = 10 + titleLines.length * TITLE_LINE;
  const legend = placeLegend(data, titleBottom);
  const top = (legend.at(-1)?.y ?? titleBottom - 8) + 18;
  const sliderRoom = layout.sliders.length > 0 ? 26 : 0;
  const right = WIDTH - (colourBarOf(data) === undefined ? 20 : COLOUR_BAR);
  const left = leftMargin(layout.yaxis, layout.height - top);
  const xTrial = placeAxis(layout.xaxis, [left, right], (right - left) / 80);
  const labels = xTrial.ticks.map((tick) => tick.label);
  const turn = fits(xTrial) ? 0 : TURN;
  const below = layout.xaxis.visible
    ? tickRoom(labels, turn) + titleRoom(layout.xaxis.title.text)
    : 8;
  const plot = { left, right, top, bottom: layout.height - below - sliderRoom };
  if (layout.yaxis.scaleanchor === "x") keepSquare(plot, layout.xaxis.range, layout.yaxis.range);
  return {
    height: layout.height,
    titleLines,
    legend,
    plot,
    x: placeAxis(layout.xaxis, [plot.left, plot.right], (plot.right - plot.left) / 80),
    y: placeAxis(layout.yaxis, [plot.bottom, plot.top], (plot.bottom - plot.top) / 45),
    turn,
  };
}

function placeLegend(data: readonly Trace[], top: number): LegendEntry[] {
  const entries: LegendEntry[] = [];
  let [x, y] = [20, top + 10];
  for (const trace of data) {
    if (!trace.showlegend) continue;
    const width = textWidth(trace.name) + 56;
    if (entries.length > 0 && x + width > WIDTH - 20) [x, y] = [20, y + LEGEND_ROW];
    entries.push({ trace, x, y });
    x += width;
  }
  return entries;
}

function leftMargin(axis: Description["layout"]["yaxis"], height: number): number {
  if (!axis.visible) return 20;
  const { ticks } = placeAxis(axis, [height, 0], height / 45);
  const widest = Math.max(0, ...ticks.map((tick) => textWidth(tick.label)));
  return 12 + titleRoom(axis.title.text) + Math.ceil(Math.min(widest, 180)) + TICK_GAP;
}

function titleRoom(title: string): number {
  return title === "" ? 0 : AXIS_TITLE;
}

function tickRoom(labels: readonly string[], turn: number): number {
  if (turn === 0) return 28;
  const widest = Math.max(0, ...labels.map((text) => textWidth(text)));
  return 22 + Math.min(widest, 160) * Math.sin((-turn * Math.PI) / 180);
}

/** Whether the labels of neighbouring ticks leave each other room. */
function fits({ ticks }: PlacedAxis): boolean {
  return ticks.every((tick, index) => {
    const next = ticks[index + 1];
    if (next === undefined) return true;
    return next.at - tick.at > (textWidth(tick.label) + textWidth(next.label)) / 2 + 6;
  });
}

/** Shrinks the plot around its middle until one unit is as wide as it is high. */
function keepSquare(
  plot: ChartFrame["plot"],
  xRange: readonly [number, number],
  yRange: readonly [number, number],
): void {
  const [columns, rows] = [Math.abs(xRange[1] - xRange[0]), Math.abs(yRange[1] - yRange[0])];
  const unit = Math.min((plot.right - plot.left) / columns, (plot.bottom - plot.top) / rows);
  const [spareWidth, spareHeight] = [
    plot.right - plot.left - unit * columns,
    plot.bottom - plot.top - unit * rows,
  ];
  plot.left += spareWidth / 2;
  plot.right -= spareWidth / 2;
  plot.bottom -= spareHeight;
}
