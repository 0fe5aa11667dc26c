// A network diagram as a figure: fewer details than the drawing, but it can stand under a slider.
import type { Layer } from "../layers/layer.ts";
import { cycle, INK, SERIES_COLOURS } from "./colours.ts";
import type { Annotation, Axis, ScatterTrace } from "./description.ts";
import { Figure } from "./figure.ts";
import { columnsOf, networkInWords, type NetworkOptions } from "./network.ts";
import { countOf, formatNumber } from "./numbers.ts";
import { axisFor } from "./scales.ts";
import type { NetworkColumn } from "./svg/network.ts";
import { scatterTrace, simpleFigure } from "./traces.ts";

/** More units of a column than these are not drawn; its number is written under it all the same. */
const MOST_UNITS = 16;
/** The lowest unit and the words under it, in distances between units. */
const [EDGE, WORDS] = [(MOST_UNITS - 1) / 2, (MOST_UNITS - 1) / 2 + 1.6];

/**
 * A diagram of a model, read from the live layers, for `plotFrames` and `plotPanels`; see `drawNetwork` for one with
 * more details. Maps with height and width count as one unit for each of their channels.
 *
 * @param model - a `Sequential`, or a single layer
 * @example plotFrames((units) => plotNetwork(networkOf(units)), { name: "units", values: [2, 4, 8] })
 * @throws {ShapeError} when the shape of an example is not known from the first layer
 */
export function plotNetwork(model: Layer, options: NetworkOptions = {}): Figure {
  const columns = columnsOf("plotNetwork", model, options.exampleShape);
  const total = columns.reduce((sum, { parameters }) => sum + parameters, 0);
  const widths = columns.map(({ shape }) => formatNumber(shape[0] ?? 1)).join(" - ");
  const data = [
    ...columns.slice(1).map((column, index) => connections(columns, index)),
    ...columns.map((column, index) => unitsTrace(column, index)),
  ];
  const panel = {
    data,
    annotations: columns.flatMap((column, index) => notes(column, index)),
    xaxis: hiddenAxis([-0.4, columns.length - 0.6]),
    yaxis: hiddenAxis([-WORDS - 1.2, WORDS + 0.6]),
  };
  const title = options.title ?? `${widths}: ${countOf(total, "parameter")}`;
  const alt = options.alt ?? networkInWords(columns, total);
  return new Figure(simpleFigure({ title, height: undefined }, panel), { alt, sketch: [] });
}

/** Heights of the drawn units, centred around 0. */
function heights({ shape }: NetworkColumn): number[] {
  const shown = Math.min(shape[0] ?? 1, MOST_UNITS);
  return Array.from({ length: shown }, (_, unit) => (shown - 1) / 2 - unit);
}

/** One line that goes along all connections from a column to the next, with gaps between. */
function connections(columns: readonly NetworkColumn[], index: number): ScatterTrace {
  const [from, to] = [columns[index], columns[index + 1]] as [NetworkColumn, NetworkColumn];
  const pairs = heights(from).flatMap((low) => heights(to).map((high) => [low, high, null]));
  const x = pairs.flatMap(() => [index, index + 1, null]);
  const trace = scatterTrace(0, { name: undefined, x, y: pairs.flat(), line: 0 }, "lines");
  return { ...trace, line: { color: INK, dash: "solid", width: 0.5 } };
}

function unitsTrace(column: NetworkColumn, index: number): ScatterTrace {
  const y = heights(column);
  const x = y.map(() => index);
  const trace = scatterTrace(index, { name: undefined, x, y, line: 0 }, "markers");
  const color = cycle(SERIES_COLOURS, index);
  return { ...trace, marker: { color, symbol: "circle", size: 11 } };
}

/** Under a column what it is and how wide, over the connections to it how many parameters they have. */
function notes({ heading, shape, followers, parameters }: NetworkColumn, x: number): Annotation[] {
  const note = (text: string, [atX, y]: readonly [number, number]): Annotation => {
    const font = { size: 12, color: INK };
    return { x: atX, y, text, showarrow: false, font, yanchor: "middle" };
  };
  const words = [`${heading} ${shape.map(formatNumber).join(" × ")}`, ...followers].join(", ");
  const count = note(countOf(parameters, "parameter"), [x - 0.5, EDGE + 1.4]);
  return [note(words, [x, -WORDS]), ...(parameters === 0 ? [] : [count])];
}

function hiddenAxis(range: [number, number]): Axis {
  return { ...axisFor([], { label: "", range }), visible: false, showgrid: false };
}
