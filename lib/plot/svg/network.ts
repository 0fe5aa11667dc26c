// The picture of a network: columns of units, the connections between them, and what each column is.
import { cycle, INK, SERIES_COLOURS } from "../colours.ts";
import { formatNumber } from "../numbers.ts";
import { element, label, picture, textWidth, wrapText } from "./element.ts";
import { WIDTH } from "./frame.ts";

/** One column of a diagram: what a layer makes for one example. */
export interface NetworkColumn {
  /** "input", "Linear": what the column is. */
  heading: string;
  /** Shape of one example, `[features]` or more axes. */
  shape: readonly number[];
  /** Layers without parameters that follow and keep the shape: "ReLU", "Dropout(0.5)". */
  followers: string[];
  /** Parameters between the column before and this one. */
  parameters: number;
}

/** Up to this many units are all drawn; of more, so many at each end. */
const MOST_UNITS = 10;
const END_UNITS = 4;

const RADIUS = 9;
const STEP = 26;
const TOP = 84;
/** Columns are at least so far apart, in pixels. */
const LEAST_DISTANCE = 110;
const SIDE = 70;

interface PlacedColumn {
  column: NetworkColumn;
  x: number;
  /** Heights of the drawn units; undefined for the dots that stand for the others. */
  units: { y: number; isGap: boolean }[];
}

/** Draws the columns from left to right. */
export function drawColumns(
  columns: readonly NetworkColumn[],
  words: { title: string; alt: string },
): string {
  const width = Math.max(WIDTH, 2 * SIDE + (columns.length - 1) * LEAST_DISTANCE);
  const rows = Math.max(...columns.map(({ shape }) => shownUnits(shape).length));
  const middle = TOP + (rows * STEP) / 2;
  const placed = columns.map((column, index): PlacedColumn => {
    const x =
      columns.length === 1 ? width / 2 : SIDE + (index * (width - 2 * SIDE)) / (columns.length - 1);
    return { column, x, units: placeUnits(column.shape, middle) };
  });
  const bottom = TOP + rows * STEP + 22;
  const room = (width - 2 * SIDE) / Math.max(1, columns.length - 1) - 8;
  const notes = placed.map((one) => drawNotes(one, bottom, room));
  const height = bottom + 26 + 16 * Math.max(...notes.map(({ lines }) => lines));
  return picture(
    { width, height },
    words,
    label(words.title, [20, 24], { anchor: "start", size: 15, bold: true }),
    ...placed.slice(1).map((to, index) => drawConnections(placed[index] as PlacedColumn, to)),
    ...placed.map((one, index) => drawUnits(one, cycle(SERIES_COLOURS, index))),
    ...notes.map(({ markup }) => markup),
  );
}

/** Which units of a column are drawn; -1 stands for the dots. */
function shownUnits(shape: readonly number[]): number[] {
  const count = shape.length === 1 ? (shape[0] as number) : 1;
  if (count <= MOST_UNITS) return Array.from({ length: count }, (_, unit) => unit);
  const ends = Array.from({ length: END_UNITS }, (_, unit) => unit);
  return [...ends, -1, ...ends.map((unit) => count - END_UNITS + unit)];
}

function placeUnits(shape: readonly number[], middle: number): PlacedColumn["units"] {
  const units = shownUnits(shape);
  const first = middle - ((units.length - 1) * STEP) / 2;
  return units.map((unit, index) => ({ y: first + index * STEP, isGap: unit < 0 }));
}

function drawConnections(from: PlacedColumn, to: PlacedColumn): string {
  const ends = (column: PlacedColumn): number[] =>
    column.units.filter(({ isGap }) => !isGap).map(({ y }) => y);
  const d = ends(from)
    .flatMap((y1) => ends(to).map((y2) => `M${from.x.toFixed(1)},${y1}L${to.x.toFixed(1)},${y2}`))
    .join("");
  const count = from.units.length * to.units.length;
  const lines = element("path", {
    d,
    stroke: INK,
    "stroke-opacity": Math.max(0.3, Math.min(0.9, 12 / count)).toFixed(2),
    "stroke-width": "0.7",
    fill: "none",
  });
  const middle = (from.x + to.x) / 2;
  const { parameters } = to.column;
  if (parameters === 0) return lines;
  return (
    lines +
    label(formatNumber(parameters), [middle, TOP - 32], { size: 12, bold: true }) +
    label("parameters", [middle, TOP - 17], { size: 11 })
  );
}

function drawUnits({ column, x, units }: PlacedColumn, colour: string): string {
  if (column.shape.length !== 1) return drawBlock(column.shape, x, units[0]?.y ?? TOP, colour);
  return units
    .map(({ y, isGap }) =>
      isGap
        ? [-6, 0, 6]
            .map((shift) => element("circle", { cx: x, cy: y + shift, r: 1.8, fill: INK }))
            .join("")
        : element("circle", { cx: x, cy: y, r: RADIUS, fill: colour }),
    )
    .join("");
}

/** Maps with height and width: sheets behind each other. */
function drawBlock(shape: readonly number[], x: number, y: number, colour: string): string {
  const sheets = Math.min(4, shape[0] ?? 1);
  return Array.from({ length: sheets }, (_, index) => {
    const shift = (sheets - 1 - 2 * index) * 4;
    return element("rect", {
      x: x - 24 + shift,
      y: y - 24 - shift,
      width: 48,
      height: 48,
      fill: colour,
      stroke: "#ffffff",
      "stroke-width": 1,
    });
  }).join("");
}

function drawNotes(
  { column, x }: PlacedColumn,
  bottom: number,
  room: number,
): { markup: string; lines: number } {
  const shape = column.shape.map(formatNumber).join(" × ");
  const lines = [
    column.heading,
    ...column.followers.flatMap((name) => wrapText(`then ${name}`, room, 12)),
  ];
  const size = textWidth(shape, 15) > room ? 12 : 15;
  const markup =
    label(shape, [x, bottom + 6], { size, bold: true }) +
    lines.map((line, index) => label(line, [x, bottom + 24 + index * 16])).join("");
  return { markup, lines: lines.length };
}
