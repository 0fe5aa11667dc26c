// What a figure is made of: the part of Plotly's format that we use, as plain data without Plotly.
import type { ColourScale, MarkerSymbol } from "./colours.ts";

/** One number of a trace; null is a gap. */
export type Datum = number | null;

/** Points joined by lines, or shown as markers. */
export interface ScatterTrace {
  type: "scatter";
  mode: "lines" | "markers" | "lines+markers";
  name: string;
  showlegend: boolean;
  x: Datum[];
  y: Datum[];
  line: { color: string; dash: string; width: number };
  marker: { color: string; symbol: MarkerSymbol; size: number };
  /** Written over the points, one for each; left out when there is nothing to write. */
  text?: string[];
  /** A marker at the end of an axis is drawn whole. */
  cliponaxis: false;
  hovertemplate: string;
}

/** Bars that stand on zero at numeric positions; `text` names each bar. */
export interface BarTrace {
  type: "bar";
  name: string;
  showlegend: boolean;
  x: number[];
  y: Datum[];
  /** Left out: neighbours share the step of 1 between positions. */
  width?: number;
  marker: { color: string };
  text: string[];
  textposition: "none";
  hovertemplate: string;
}

/** A grid of coloured cells, row 0 first; `null` cells stay transparent. */
export interface HeatMapTrace {
  type: "heatmap";
  name: string;
  showlegend: false;
  z: Datum[][];
  zmin: number;
  zmax: number;
  colorscale: ColourScale;
  showscale: boolean;
  colorbar: { title: { text: string }; thickness: number; outlinewidth: number };
  hoverongaps: false;
  hovertemplate: string;
}

/** Any of the three. */
export type Trace = ScatterTrace | BarTrace | HeatMapTrace;

/** One axis. `range` is always given, so that every picture of the figure agrees; on a log axis it holds exponents. */
export interface Axis {
  label: string;
  type: "linear" | "log";
  range: [number, number];
  visible: boolean;
  showgrid: boolean;
  tickvals?: number[];
  ticktext?: string[];
}

/** Text at a place of the plot, in the axes' own units. */
export interface Annotation {
  x: number;
  y: number;
  text: string;
  showarrow: false;
  font: { size: number; color: string };
  yanchor: "middle" | "bottom";
}

/** One pair of axes with what is drawn on it. */
export interface Panel {
  /** Stands over the panel when a figure has several; may be empty. */
  heading: string;
  data: Trace[];
  xaxis: Axis;
  yaxis: Axis;
  annotations: Annotation[];
  /** Whether one unit of x is as long as one unit of y. */
  isSquare: boolean;
}

/** One state of a figure with a slider: the same panels with other data. */
export interface Frame {
  title: string;
  panels: Panel[];
}

/** One slider under the panels; setting `index` shows frame `index`. */
export interface Slider {
  name: string;
  labels: string[];
  /** The setting that `panels` holds. */
  active: number;
}

/** A whole figure: panels side by side. All text in it is plain text: no markup, nothing escaped. */
export interface Description {
  title: string;
  /** Pixels. */
  height: number;
  panels: Panel[];
  frames: Frame[];
  slider?: Slider;
}
