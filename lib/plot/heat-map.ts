// Heat maps: a table of numbers as colours.
import { COLOUR_SCALES, type ColourScaleName, colourAt, textColourOn } from "./colours.ts";
import type { Annotation, Datum, HeatMapTrace } from "./description.ts";
import { Figure } from "./figure.ts";
import { formatNumber, roundTo } from "./numbers.ts";
import { namedAxis } from "./scales.ts";
import { simpleFigure } from "./traces.ts";
import {
  extent,
  finite,
  readTable,
  requireSameLength,
  type Table,
  type Names,
  readNames,
} from "./values.ts";
import { argumentProblem } from "./problems.ts";

/** What `plotHeatMap` takes. */
export interface HeatMapOptions {
  title: string;
  /** Rows from top to bottom, `[rows, columns]`. */
  z: Table;
  /** Names of the columns and of the rows; 0, 1, 2 ... when left out. */
  x?: Names;
  y?: Names;
  xLabel?: string;
  yLabel?: string;
  /** What the colour stands for. */
  zLabel?: string;
  /** Diverging around 0 when there are negative numbers, sequential otherwise. */
  colours?: ColourScaleName;
  /** The numbers that get the first and the last colour. */
  range?: readonly [number, number];
  /** Writes each number into its cell; so do tables of up to 12 by 12. */
  showValues?: boolean;
  /** Pixels, 400 when left out. */
  height?: number;
  /** Said instead of the picture; derived from the data when left out. */
  alt?: string;
}

/** Colours of a grid of cells. */
export interface CellColours {
  name: ColourScaleName;
  low: number;
  high: number;
}

const WRITTEN_CELLS = 12;

/**
 * A heat map; row 0 is on top. A number that is not finite leaves its cell empty.
 *
 * @example plotHeatMap({ z: confusion, title: "Mistakes", xLabel: "predicted", yLabel: "true" })
 * @throws {ArgumentError} when there is nothing to draw, or `range` is no range
 * @throws {ShapeError} when rows differ in length, or names do not match
 */
export function plotHeatMap(options: HeatMapOptions): Figure {
  const z = readTable("plotHeatMap: z", options.z);
  const columns = namesOf("plotHeatMap: x", options.x, z[0]?.length ?? 0);
  const rows = namesOf("plotHeatMap: y", options.y, z.length);
  const colours = chooseColours("plotHeatMap", z, options);
  const small = rows.length <= WRITTEN_CELLS && columns.length <= WRITTEN_CELLS;
  const trace: HeatMapTrace = {
    ...cellTrace(z, colours),
    showscale: true,
    colorbar: { title: { text: options.zLabel ?? "" }, thickness: 14, outlinewidth: 0 },
    hovertemplate: "row %{y}, column %{x}: %{z}",
  };
  const annotations = (options.showValues ?? small) ? cellTexts(trace) : [];
  return new Figure(
    simpleFigure(
      { title: options.title, height: options.height },
      {
        data: [trace],
        xaxis: namedAxis(options.xLabel ?? "column", columns),
        yaxis: namedAxis(options.yLabel ?? "row", rows, true),
        annotations,
      },
    ),
    { alt: options.alt ?? heatMapInWords(z, rows, columns), sketch: small ? tableSketch(z) : [] },
  );
}

/** A trace of coloured cells without a colour bar. */
export function cellTrace(z: Datum[][], { name, low, high }: CellColours): HeatMapTrace {
  return {
    type: "heatmap",
    name: "",
    showlegend: false,
    z,
    zmin: low,
    zmax: high,
    colorscale: COLOUR_SCALES[name],
    showscale: false,
    colorbar: { title: { text: "" }, thickness: 14, outlinewidth: 0 },
    hoverongaps: false,
    hovertemplate: "%{z}",
  };
}

/**
 * The colours for a table: what the caller chose, or what fits its numbers.
 *
 * @throws {ArgumentError} when the range is empty or turned round
 */
export function chooseColours(
  who: string,
  z: readonly Datum[][],
  options: { colours?: ColourScaleName; range?: readonly [number, number] },
): CellColours {
  const [low, high] = extent(finite(z.flat()));
  const name = options.colours ?? (low < 0 ? "diverging" : "sequential");
  const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const least = Math.min(low, 0);
  const fitting = name === "diverging" ? [-most, most] : [least, high > least ? high : least + 1];
  const [start, end] = options.range ?? (fitting as [number, number]);
  if (!(end > start)) {
    throw argumentProblem({
      expected: `${who}: range must be [low, high] with low < high`,
      got: `[${start}, ${end}]`,
      fix: "Leave it out to let the figure choose.",
    });
  }
  return { name, low: start, high: end };
}

function namesOf(who: string, names: Names | undefined, length: number): string[] {
  if (names === undefined) return Array.from({ length }, (_, index) => String(index));
  const given = readNames(names);
  requireSameLength([who, given.length], ["the table's side", length]);
  return given;
}

/** The numbers of a heat map's cells, in black or white as each cell's colour asks. */
export function cellTexts({ z, zmin, zmax, colorscale }: HeatMapTrace): Annotation[] {
  return z.flatMap((row, y) =>
    row.flatMap((value, x): Annotation[] => {
      if (value === null) return [];
      const color = textColourOn(colourAt(colorscale, (value - zmin) / (zmax - zmin)));
      const text = formatNumber(roundTo(value, 3));
      return [{ x, y, text, showarrow: false, font: { size: 12, color }, yanchor: "middle" }];
    }),
  );
}

function heatMapInWords(
  z: readonly Datum[][],
  rows: readonly string[],
  columns: readonly string[],
): string {
  const [low, high] = extent(finite(z.flat()));
  const at = (value: number): string => {
    const row = z.findIndex((cells) => cells.includes(value));
    return `${formatNumber(value)} at row ${rows[row]}, column ${columns[z[row]?.indexOf(value) ?? 0]}`;
  };
  const values =
    low === high ? `All values are ${formatNumber(low)}` : `Highest ${at(high)}; lowest ${at(low)}`;
  return `Heat map of ${rows.length} rows and ${columns.length} columns. ${values}.`;
}

function tableSketch(z: readonly Datum[][]): string[] {
  const texts = z.map((row) =>
    row.map((value) => (value === null ? "-" : formatNumber(roundTo(value, 3)))),
  );
  const wide = Math.max(...texts.flat().map((text) => text.length));
  return texts.map((row) => row.map((text) => text.padStart(wide)).join(" "));
}
