// The bundle that Plotly reads: the description, with its plain texts escaped and a look for both themes.
import { frameOf, WIDTH, wrapTitle } from "./svg/frame.ts";
import { GRID_OPACITY, INK, parseColour, SERIES_COLOURS } from "./colours.ts";
import type { Annotation, Axis, Description, Layout, Trace } from "./description.ts";

/** What stands in a notebook under `application/vnd.plotly.v1+json`. */
export interface PlotlyBundle {
  data: object[];
  layout: object;
  frames: object[];
  config: object;
}

/** The figure for Plotly. Colours of text and grid stand in `layout.template`, where a theme may replace them. */
export function toPlotly(description: Description, alt: string): PlotlyBundle {
  const { data, layout, frames } = description;
  return {
    data: data.map(plotlyTrace),
    layout: { ...plotlyLayout(layout), ...roomFor(description), meta: { alt }, template: TEMPLATE },
    frames: frames.map((frame) => ({
      name: escapePlotly(frame.name),
      data: frame.data.map(plotlyTrace),
      layout: {
        title: { text: headline(wrapTitle(frame.layout.title.text)) },
        annotations: frame.layout.annotations.map(plotlyAnnotation),
      },
    })),
    config: { responsive: true, displaylogo: false },
  };
}

/** Text that Plotly shows as it is; it reads a small HTML and entities otherwise. */
export function escapePlotly(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const TRANSPARENT = "rgba(0,0,0,0)";
const GRID = `rgba(${parseColour(INK).join(",")},${GRID_OPACITY})`;
const AXIS_LOOK = { gridcolor: GRID, linecolor: INK, zeroline: false, showline: true, ticks: "" };

const SLIDER_LOOK = {
  x: 0.05,
  len: 0.9,
  bgcolor: GRID,
  bordercolor: INK,
  activebgcolor: INK,
  tickcolor: INK,
};

/** Room for a slider below the plot, more than a static picture needs for the slider's words. */
const SLIDER_HEIGHT = 60;
const SLIDER_TEXT = 20;

const TEMPLATE = {
  layout: {
    paper_bgcolor: TRANSPARENT,
    plot_bgcolor: TRANSPARENT,
    font: { color: INK, size: 12, family: "system-ui, -apple-system, 'Segoe UI', sans-serif" },
    colorway: SERIES_COLOURS,
    xaxis: AXIS_LOOK,
    yaxis: AXIS_LOOK,
  },
};

function plotlyTrace(trace: Trace): object {
  const name = escapePlotly(trace.name);
  const extra = trace.name === "" ? "<extra></extra>" : `<extra>${name}</extra>`;
  const shared = { ...trace, name, hovertemplate: trace.hovertemplate + extra };
  if (trace.type === "bar") return { ...shared, text: trace.text.map(escapePlotly) };
  if (trace.type === "scatter") return shared;
  return {
    ...shared,
    colorbar: { ...trace.colorbar, title: { ...titleText(trace.colorbar.title), side: "right" } },
  };
}

function plotlyLayout(layout: Layout): object {
  return {
    ...layout,
    xaxis: plotlyAxis(layout.xaxis),
    yaxis: plotlyAxis(layout.yaxis),
    annotations: layout.annotations.map(plotlyAnnotation),
    bargap: 0.2,
  };
}

/** Title, legend and margins as in the static picture, so that both look alike. */
function roomFor(description: Description): object {
  const { plot, titleLines, legend, turn } = frameOf(description);
  const { layout } = description;
  const room = layout.height + (layout.sliders.length > 0 ? SLIDER_HEIGHT : 0);
  const titleBottom = 12 + titleLines.length * 20;
  return {
    title: {
      text: headline(titleLines),
      font: { size: 15 },
      x: 0,
      xref: "container",
      xanchor: "left",
      pad: { l: 20, t: 10 + 9 * (titleLines.length - 1) },
      y: 1,
      yref: "container",
      yanchor: "top",
    },
    legend: {
      orientation: "h",
      x: 0.02,
      xref: "container",
      xanchor: "left",
      y: 1 - titleBottom / room,
      yref: "container",
      yanchor: "top",
    },
    margin: {
      l: layout.xaxis.visible ? plot.left + 6 : 20,
      r: layout.xaxis.visible ? WIDTH - plot.right : 20,
      t: plot.top + (legend.length > 0 ? 10 : 0),
      b: room - plot.bottom,
    },
    height: room,
    sliders: layout.sliders.map((slider) => ({
      ...slider,
      ...SLIDER_LOOK,
      pad: { t: layout.height - plot.bottom - SLIDER_TEXT },
      currentvalue: { prefix: escapePlotly(slider.currentvalue.prefix), xanchor: "center" },
      steps: slider.steps.map((step) => ({ ...step, label: escapePlotly(step.label) })),
    })),
    xaxis: { ...plotlyAxis(layout.xaxis), tickangle: turn },
  };
}

function plotlyAxis(axis: Axis): object {
  const labels = axis.ticktext === undefined ? {} : { ticktext: axis.ticktext.map(escapePlotly) };
  return { ...axis, ...labels, title: titleText(axis.title) };
}

function plotlyAnnotation(annotation: Annotation): object {
  return { ...annotation, text: escapePlotly(annotation.text) };
}

function headline(lines: readonly string[]): string {
  return `<b>${lines.map(escapePlotly).join("<br>")}</b>`;
}

function titleText({ text }: { text: string }): { text: string } {
  return { text: escapePlotly(text) };
}
