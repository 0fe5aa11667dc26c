// The static chart around the data: grid, ticks, axis titles, legend and colour bar.
import { colourAt, GRID_OPACITY, INK } from "../colours.ts";
import type { HeatMapTrace } from "../description.ts";
import { placeAxis } from "../scales.ts";
import { coordinate, element, label } from "./element.ts";
import type { LegendEntry, PanelFrame } from "./frame.ts";
import { linePath, markerPath } from "./marks.ts";
import { pngAddress } from "../../png.ts";

const BAR_STEPS = 64;

/** Grid lines, which lie under the data. */
export function drawGrid({ panel, plot, x, y }: PanelFrame): string {
  const { left, right, top, bottom } = plot;
  const vertical = x.ticks.map(({ at }) => `M${coordinate(at)},${top}V${coordinate(bottom)}`);
  const horizontal = y.ticks.map(
    ({ at }) => `M${coordinate(left)},${coordinate(at)}H${coordinate(right)}`,
  );
  const d = [
    ...(panel.xaxis.visible && panel.xaxis.showgrid ? vertical : []),
    ...(panel.yaxis.visible && panel.yaxis.showgrid ? horizontal : []),
  ].join("");
  if (d === "") return "";
  return element("path", { d, stroke: INK, "stroke-opacity": String(GRID_OPACITY), fill: "none" });
}

/** The two axes: their lines, the ticks' labels and the titles. */
export function drawAxes(frame: PanelFrame): string {
  return [
    frame.panel.xaxis.visible ? drawXAxis(frame) : "",
    frame.panel.yaxis.visible ? drawYAxis(frame) : "",
  ].join("");
}

function drawXAxis(frame: PanelFrame): string {
  const { left, right, bottom } = frame.plot;
  const title = frame.panel.xaxis.label;
  return [
    axisLine(`M${coordinate(left)},${coordinate(bottom)}H${coordinate(right)}`),
    ...frame.x.ticks.map((tick) => tickBelow(tick, frame)),
    title === "" ? "" : label(title, [(left + right) / 2, frame.labelAt], { size: 13 }),
  ].join("");
}

function drawYAxis({ panel, plot, start, y }: PanelFrame): string {
  const { left, top, bottom } = plot;
  const title = panel.yaxis.label;
  return [
    axisLine(`M${coordinate(left)},${top}V${coordinate(bottom)}`),
    ...y.ticks.map(({ at, label: text }) => label(text, [left - 8, at + 4], { anchor: "end" })),
    title === "" ? "" : label(title, [start + 18, (top + bottom) / 2], { size: 13, turn: -90 }),
  ].join("");
}

function axisLine(d: string): string {
  return element("path", { d, stroke: INK, fill: "none" });
}

/** The legend: each series with its line, marker or patch of colour. */
export function drawLegend(entries: readonly LegendEntry[]): string {
  return entries
    .map(
      ({ trace, x, y }) =>
        legendSign(trace, x, y) + label(trace.name, [x + 36, y + 4], { anchor: "start" }),
    )
    .join("");
}

/** The scale of colours beside a heat map. */
export function drawColourBar(trace: HeatMapTrace, { plot }: PanelFrame): string {
  const x = plot.right + 16;
  const axis = placeAxis(
    {
      label: "",
      type: "linear",
      range: [trace.zmin, trace.zmax],
      visible: true,
      showgrid: false,
    },
    [plot.bottom, plot.top],
    (plot.bottom - plot.top) / 45,
  );
  const pixels = Uint8Array.from({ length: BAR_STEPS * 4 }, (_, index) => {
    const colour = colourAt(trace.colorscale, 1 - Math.floor(index / 4) / (BAR_STEPS - 1));
    return index % 4 === 3 ? 255 : (colour[index % 4] as number);
  });
  const strip = element("image", {
    x,
    y: plot.top,
    width: 14,
    height: plot.bottom - plot.top,
    preserveAspectRatio: "none",
    href: pngAddress(1, BAR_STEPS, pixels),
  });
  const ticks = axis.ticks.map((tick) =>
    label(tick.label, [x + 19, tick.at + 4], { anchor: "start" }),
  );
  const middle = (plot.top + plot.bottom) / 2;
  const title = trace.colorbar.title.text;
  const turned = title === "" ? "" : label(title, [x + 74, middle], { turn: -90 });
  return strip + ticks.join("") + turned;
}

function tickBelow(tick: { at: number; label: string }, { plot, turn }: PanelFrame): string {
  if (turn === 0) return label(tick.label, [tick.at, plot.bottom + 17]);
  return label(tick.label, [tick.at + 4, plot.bottom + 14], { anchor: "end", turn });
}

function legendSign(trace: LegendEntry["trace"], x: number, y: number): string {
  if (trace.type === "heatmap") return "";
  if (trace.type === "bar") {
    return element("rect", {
      x: x + 12,
      y: y - 6,
      width: 16,
      height: 12,
      fill: trace.marker.color,
    });
  }
  const line = trace.mode === "markers" ? "" : linePath(`M${x},${y}H${x + 30}`, trace.line);
  return line + (trace.mode === "lines" ? "" : markerPath(trace.marker, [x + 15, y]));
}
