// The bundle that Plotly reads: the description, with its plain texts escaped and a look for both themes.
import { GRID_OPACITY, INK, parseColour, SERIES_COLOURS } from "./colours.ts";
import type { Annotation, Axis, Description, Panel, Slider, Trace } from "./description.ts";
import { type ChartFrame, frameOf, type PanelFrame, WIDTH, wrapTitle } from "./svg/frame.ts";

/** What stands in a notebook under `application/vnd.plotly.v1+json`. */
export interface PlotlyBundle {
  data: object[];
  layout: object;
  frames: object[];
  config: object;
}

/** The figure for Plotly. Colours of text and grid stand in `layout.template`, where a theme may replace them. */
export function toPlotly(description: Description, alt: string): PlotlyBundle {
  const frame = frameOf(description);
  return {
    data: plotlyTraces(frame, description.panels),
    layout: {
      ...plotlyLayout(description, frame),
      ...plotlyAxes(frame),
      annotations: plotlyAnnotations(description.panels),
      meta: { alt },
      template: TEMPLATE,
    },
    frames: description.frames.map(({ title, panels }, index) => ({
      name: String(index),
      data: plotlyTraces(frame, panels),
      layout: {
        title: { text: headline(wrapTitle(title)) },
        annotations: plotlyAnnotations(panels),
      },
    })),
    config: { responsive: true, displaylogo: false },
  };
}

/** Text that Plotly shows as it is; it reads a small HTML and entities otherwise. */
export function escapePlotly(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** From the numbers at an axis to its title, in pixels: said, so that Plotly makes room instead of overprinting. */
const TITLE_DISTANCE = 8;

const TRANSPARENT = "rgba(0,0,0,0)";
const GRID = `rgba(${parseColour(INK).join(",")},${GRID_OPACITY})`;
const AXIS_LOOK = { gridcolor: GRID, linecolor: INK, zeroline: false, showline: true, ticks: "" };

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

/** Room for a slider below the plot, more than a static picture needs for the slider's words. */
const SLIDER_HEIGHT = 60;
const SLIDER_TEXT = 20;

const SLIDER_LOOK = {
  x: 0.05,
  len: 0.9,
  bgcolor: GRID,
  bordercolor: INK,
  activebgcolor: INK,
  tickcolor: INK,
};

/** To a frame at once, without a transition. */
const JUMP = {
  mode: "immediate",
  frame: { duration: 0, redraw: true },
  transition: { duration: 0 },
};

/** Title, legend and margins as in the static picture, so that both look alike. */
function plotlyLayout({ height, slider }: Description, frame: ChartFrame): object {
  const { titleLines, legend, panels } = frame;
  const [first, last] = [panels[0] as PanelFrame, panels.at(-1) as PanelFrame];
  const room = height + (slider === undefined ? 0 : SLIDER_HEIGHT);
  const bottom = Math.max(...panels.map(({ plot }) => plot.bottom));
  const left = first.panel.yaxis.visible ? first.plot.left + 6 : 20;
  return {
    height: room,
    title: { text: headline(titleLines), font: { size: 15 }, ...titlePlace(titleLines.length) },
    legend: { orientation: "h", ...legendPlace(1 - (12 + titleLines.length * 20) / room) },
    margin: {
      l: left,
      r: last.panel.yaxis.visible ? WIDTH - last.plot.right : 20,
      t: first.plot.top + (legend.length > 0 ? 10 : 0),
      b: room - bottom,
    },
    bargap: 0.2,
    sliders: slider === undefined ? [] : [plotlySlider(slider, height - bottom - SLIDER_TEXT)],
  };
}

function titlePlace(lines: number): object {
  return {
    x: 0,
    xref: "container",
    xanchor: "left",
    y: 1,
    yref: "container",
    yanchor: "top",
    pad: { l: 20, t: 10 + 9 * (lines - 1) },
  };
}

function legendPlace(y: number): object {
  return { x: 0.02, xref: "container", xanchor: "left", y, yref: "container", yanchor: "top" };
}

function plotlySlider({ name, labels, active }: Slider, above: number): object {
  return {
    ...SLIDER_LOOK,
    active,
    pad: { t: above },
    currentvalue: { prefix: `${escapePlotly(name)} = `, xanchor: "center" },
    steps: labels.map((label, index) => ({
      label: escapePlotly(label),
      method: "animate",
      args: [[String(index)], JUMP],
    })),
  };
}

/** Traces of all panels, each on its panel's axes; a name stands in the legend once. */
function plotlyTraces(frame: ChartFrame, panels: readonly Panel[]): object[] {
  const named = new Set<string>();
  return panels.flatMap(({ data }, index) =>
    data.map((trace) => {
      const showlegend = trace.showlegend && !named.has(trace.name);
      named.add(trace.name);
      const axes = index === 0 ? {} : { xaxis: `x${index + 1}`, yaxis: `y${index + 1}` };
      const group = trace.name === "" ? {} : { legendgroup: escapePlotly(trace.name) };
      const right = shareOf(frame, frame.panels[index]?.plot.right ?? WIDTH);
      return { ...plotlyTrace(trace, right), ...axes, ...group, showlegend };
    }),
  );
}

function plotlyTrace(trace: Trace, right: number): object {
  const name = escapePlotly(trace.name);
  const extra = trace.name === "" ? "<extra></extra>" : `<extra>${name}</extra>`;
  const shared = { ...trace, name, hovertemplate: trace.hovertemplate + extra };
  if (trace.type === "bar") return { ...shared, text: trace.text.map(escapePlotly) };
  if (trace.type === "scatter" && trace.text === undefined) return shared;
  if (trace.type === "scatter") {
    const text = trace.text?.map(escapePlotly);
    return { ...shared, mode: `${trace.mode}+text`, text, textposition: "top center" };
  }
  const title = { text: escapePlotly(trace.colorbar.title.text), side: "right" };
  const place = { x: right, xanchor: "left", y: 0.5, len: 1, ypad: 0 };
  return { ...shared, colorbar: { ...trace.colorbar, ...place, title } };
}

/** `xaxis, yaxis, xaxis2, yaxis2 ...`, side by side in the shares that the static picture has. */
function plotlyAxes(frame: ChartFrame): Record<string, object> {
  const axes = frame.panels.flatMap(({ panel, plot, turn }, index): [string, object][] => {
    const number = index === 0 ? "" : String(index + 1);
    const square = panel.isSquare ? { scaleanchor: `x${number}`, constraintoward: "top" } : {};
    const constrain = panel.isSquare ? { constrain: "domain", constraintoward: "left" } : {};
    const domain = [shareOf(frame, plot.left), shareOf(frame, plot.right)];
    return [
      [
        `xaxis${number}`,
        { ...plotlyAxis(panel.xaxis), ...constrain, domain, anchor: `y${number}`, tickangle: turn },
      ],
      [
        `yaxis${number}`,
        { ...plotlyAxis(panel.yaxis), ...constrain, ...square, anchor: `x${number}` },
      ],
    ];
  });
  return Object.fromEntries(axes);
}

/** A place between the left edge of the first plot, 0, and the right edge of the last, 1. */
function shareOf({ panels }: ChartFrame, x: number): number {
  const [start, end] = [panels[0]?.plot.left ?? 0, panels.at(-1)?.plot.right ?? WIDTH];
  return Math.round((1000 * (x - start)) / (end - start)) / 1000;
}

function plotlyAxis({ label, ticktext, ...axis }: Axis): object {
  const labels = ticktext === undefined ? {} : { ticktext: ticktext.map(escapePlotly) };
  return {
    ...axis,
    ...labels,
    title: { text: escapePlotly(label), standoff: TITLE_DISTANCE },
    automargin: true,
  };
}

/** Annotations and headings of all panels. */
function plotlyAnnotations(panels: readonly Panel[]): object[] {
  return panels.flatMap((panel, index) => {
    const number = index === 0 ? "" : String(index + 1);
    const axes = { xref: `x${number}`, yref: `y${number}` };
    return [
      ...headingOf(panel, `x${number} domain`),
      ...panel.annotations.map((annotation) => ({ ...plotlyAnnotation(annotation), ...axes })),
    ];
  });
}

function headingOf({ heading }: Panel, xref: string): object[] {
  if (heading === "") return [];
  const text = `<b>${escapePlotly(heading)}</b>`;
  return [
    {
      text,
      x: 0.5,
      xref,
      y: 1,
      yref: "paper",
      yanchor: "bottom",
      font: { size: 13 },
      showarrow: false,
    },
  ];
}

function plotlyAnnotation(annotation: Annotation): object {
  return { ...annotation, text: escapePlotly(annotation.text) };
}

function headline(lines: readonly string[]): string {
  return `<b>${lines.map(escapePlotly).join("<br>")}</b>`;
}
