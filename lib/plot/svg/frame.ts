// Where everything of a static chart goes: the title, the legend, the margins and the plots between them.
import type { Axis, Description, HeatMapTrace, Panel, Trace } from "../description.ts";
import { type PlacedAxis, placeAxis } from "../scales.ts";
import { textWidth, wrapText } from "./element.ts";

/** Width of every static chart, in pixels; viewers shrink it to fit. */
export const WIDTH = 700;

/** Room for the words of a slider, in pixels. */
export const CAPTION = 26;

const TITLE_SIZE = 15;
const TITLE_LINE = 20;
const LEGEND_ROW = 20;
const HEADING = 20;
const TICK_GAP = 8;
const AXIS_TITLE = 22;
const RIGHT = 20;
const COLOUR_BAR = 104;
const TURN = -35;

/** Pixels that a tick needs, so that labels do not crowd. */
const X_TICK_ROOM = 80;
const LEAST_TICKS = 3;
const Y_TICK_ROOM = 45;

/** One entry of the legend: its trace and where it starts. */
export interface LegendEntry {
  trace: Trace;
  x: number;
  y: number;
}

/** The measures of one panel, in pixels. */
export interface PanelFrame {
  panel: Panel;
  /** Where the panel with its labels begins. */
  start: number;
  plot: { left: number; right: number; top: number; bottom: number };
  /** Baseline of the label under the x axis. */
  labelAt: number;
  x: PlacedAxis;
  y: PlacedAxis;
  /** Degrees by which the labels below the plot are turned, when they would not fit side by side. */
  turn: number;
}

/** The measures of one chart, in pixels. */
export interface ChartFrame {
  titleLines: string[];
  legend: LegendEntry[];
  panels: PanelFrame[];
}

/** The one trace with a colour bar, if there is one. */
export function colourBarOf(data: readonly Trace[]): HeatMapTrace | undefined {
  return data.filter((trace) => trace.type === "heatmap").find((trace) => trace.showscale);
}

/** The lines of a headline. */
export function wrapTitle(title: string): string[] {
  return wrapText(title, WIDTH - 40, TITLE_SIZE * 1.05);
}

/** Measures a chart. */
export function frameOf({ title, height, panels, slider }: Description): ChartFrame {
  const titleLines = wrapTitle(title);
  const titleBottom = 10 + titleLines.length * TITLE_LINE;
  const legend = placeLegend(
    panels.flatMap(({ data }) => data),
    titleBottom,
  );
  const headings = panels.some(({ heading }) => heading !== "") ? HEADING : 0;
  const top = (legend.at(-1)?.y ?? titleBottom - 8) + 18 + headings;
  const bottom = height - (slider === undefined ? 0 : CAPTION);
  const width = WIDTH / panels.length;
  const below = Math.max(...panels.map((panel) => roomBelow(panel, width)));
  const placed = panels.map((panel, index) => {
    const start = index * width;
    const left = start + leftMargin(panel, bottom - below - top);
    const right = start + width - rightMargin(panel);
    const frame = framePanel(panel, { left, right, top, bottom: bottom - below });
    return { ...frame, start, labelAt: bottom - 10 };
  });
  return { titleLines, legend, panels: placed };
}

function framePanel(
  panel: Panel,
  room: PanelFrame["plot"],
): Pick<PanelFrame, "panel" | "plot" | "x" | "y" | "turn"> {
  const plot = panel.isSquare ? squareIn(room, panel) : room;
  const x = placeX(panel.xaxis, plot.left, plot.right);
  const y = placeAxis(panel.yaxis, [plot.bottom, plot.top], (plot.bottom - plot.top) / Y_TICK_ROOM);
  return { panel, plot, x, y, turn: fits(x) ? 0 : TURN };
}

/** Each name once, also when several panels show it. */
function placeLegend(data: readonly Trace[], top: number): LegendEntry[] {
  const entries: LegendEntry[] = [];
  let [x, y] = [20, top + 10];
  for (const trace of data) {
    if (!trace.showlegend || entries.some((entry) => entry.trace.name === trace.name)) continue;
    const width = textWidth(trace.name) + 56;
    if (entries.length > 0 && x + width > WIDTH - 20) [x, y] = [20, y + LEGEND_ROW];
    entries.push({ trace, x, y });
    x += width;
  }
  return entries;
}

function leftMargin({ yaxis }: Panel, height: number): number {
  if (!yaxis.visible) return 20;
  const { ticks } = placeAxis(yaxis, [height, 0], height / Y_TICK_ROOM);
  const widest = Math.max(0, ...ticks.map((tick) => textWidth(tick.label)));
  return 12 + titleRoom(yaxis) + Math.ceil(Math.min(widest, 180)) + TICK_GAP;
}

function rightMargin({ data }: Panel): number {
  return colourBarOf(data) === undefined ? RIGHT : COLOUR_BAR;
}

function roomBelow(panel: Panel, width: number): number {
  const { xaxis } = panel;
  if (!xaxis.visible) return 8;
  const x = placeX(xaxis, leftMargin(panel, 300), width - rightMargin(panel));
  if (fits(x)) return 28 + titleRoom(xaxis);
  const widest = Math.max(0, ...x.ticks.map((tick) => textWidth(tick.label)));
  return 22 + Math.min(widest, 160) * Math.sin((-TURN * Math.PI) / 180) + titleRoom(xaxis);
}

function titleRoom({ label }: Axis): number {
  return label === "" ? 0 : AXIS_TITLE;
}

function placeX(axis: Axis, left: number, right: number): PlacedAxis {
  return placeAxis(axis, [left, right], Math.max(LEAST_TICKS, (right - left) / X_TICK_ROOM));
}

/** Whether the labels of neighbouring ticks leave each other room. */
function fits({ ticks }: PlacedAxis): boolean {
  return ticks.every((tick, index) => {
    const next = ticks[index + 1];
    if (next === undefined) return true;
    return next.at - tick.at > (textWidth(tick.label) + textWidth(next.label)) / 2 + 6;
  });
}

/** The part of the room, at its upper left, where one unit is as wide as it is high. */
function squareIn(room: PanelFrame["plot"], { xaxis, yaxis }: Panel): PanelFrame["plot"] {
  const [columns, rows] = [xaxis, yaxis].map(({ range }) => Math.abs(range[1] - range[0])) as [
    number,
    number,
  ];
  const unit = Math.min((room.right - room.left) / columns, (room.bottom - room.top) / rows);
  return {
    left: room.left,
    right: room.left + unit * columns,
    top: room.top,
    bottom: room.top + unit * rows,
  };
}
