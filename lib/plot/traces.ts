// The parts that several kinds of figure share: empty layouts, and traces in the colours of their place.
import { cycle, SERIES_COLOURS, SERIES_DASHES, SERIES_SYMBOLS } from "./colours.ts";
import type { BarTrace, Datum, Description, Panel, ScatterTrace, Trace } from "./description.ts";

/** Height of a figure in pixels when nothing else is asked. */
export const DEFAULT_HEIGHT = 400;

/** A figure of one panel. */
export function simpleFigure(
  look: { title: string; height: number | undefined },
  panel: Pick<Panel, "data" | "xaxis" | "yaxis"> & Partial<Panel>,
): Description {
  return {
    title: look.title,
    height: look.height ?? DEFAULT_HEIGHT,
    panels: [{ heading: "", annotations: [], isSquare: false, ...panel }],
    frames: [],
  };
}

/** Series number `index` as points, in that place's colour and marker; lines have the dash of place `line`. */
export function scatterTrace(
  index: number,
  series: {
    name: string | undefined;
    x: Datum[];
    y: Datum[];
    line: number;
    labels?: string[] | undefined;
  },
  mode: ScatterTrace["mode"],
): ScatterTrace {
  const color = cycle(SERIES_COLOURS, index);
  const dash = cycle(SERIES_DASHES, series.line);
  return {
    type: "scatter",
    mode,
    name: series.name ?? "",
    showlegend: series.name !== undefined,
    x: series.x,
    y: series.y,
    ...(series.labels === undefined ? {} : { text: series.labels }),
    line: {
      color,
      dash: dash.length === 0 ? "solid" : dash.map((part) => `${part}px`).join(","),
      width: 2,
    },
    marker: { color, symbol: cycle(SERIES_SYMBOLS, index), size: 7 },
    cliponaxis: false,
    hovertemplate: "%{x}, %{y}",
  };
}

/** Series number `index` as bars at `x`, each named in `text`. */
export function barTrace(
  index: number,
  series: { name: string | undefined; x: number[]; y: Datum[]; text: string[] },
): BarTrace {
  return {
    type: "bar",
    name: series.name ?? "",
    showlegend: series.name !== undefined,
    x: series.x,
    y: series.y,
    marker: { color: cycle(SERIES_COLOURS, index) },
    text: series.text,
    textposition: "none",
    hovertemplate: "%{text}: %{y}",
  };
}

/** A trace in the colour and marker of place `index`; cells keep theirs. */
export function recoloured(trace: Trace, index: number): Trace {
  if (trace.type === "heatmap") return trace;
  const color = cycle(SERIES_COLOURS, index);
  if (trace.type === "bar") return { ...trace, marker: { color } };
  const symbol = cycle(SERIES_SYMBOLS, index);
  return { ...trace, line: { ...trace.line, color }, marker: { ...trace.marker, color, symbol } };
}
