// Panels that stand side by side, put below one another where a cell is too narrow for that.
import type { PlotlyFigure } from "./plotly-figure.ts";

type Layout = PlotlyFigure["layout"];
type Fields = Readonly<Record<string, unknown>>;

/** Pixels from one plot to the next: the numbers and the title of an axis, then a heading. */
const GAP = 90;

/** Plots without anything beside them, such as the scale of a heat map. */
const PLAIN = new Set<unknown>([undefined, "scatter", "bar"]);

/**
 * The layout with the panels below one another, each as high as before.
 *
 * @returns undefined for a figure of one panel, and for one that is put together in another way than gradlab's
 */
export function stackedLayout({ data, layout, frames }: PlotlyFigure): Layout | undefined {
  const numbers = panelsOf(layout);
  const isPlain = data.every((trace) => PLAIN.has(asFields(trace)["type"]));
  if (numbers.length < 2 || !isPlain || frames.length > 0) return undefined;
  const { t: top = 0, b: bottom = 0 } = asFields(layout["margin"]) as { t?: number; b?: number };
  const height = Number(layout["height"]);
  const plot = height - top - bottom;
  const all = numbers.length * plot + (numbers.length - 1) * GAP;
  // From the bottom of the last plot, 0, to the top of the first, 1.
  const tops = numbers.map((_, index) => 1 - (index * (plot + GAP)) / all);
  const axes = numbers.flatMap((number, index) => [
    [`xaxis${number}`, { ...asFields(layout[`xaxis${number}`]), domain: [0, 1] }],
    [
      `yaxis${number}`,
      {
        ...asFields(layout[`yaxis${number}`]),
        domain: [Math.max(0, tops[index]! - plot / all), tops[index]],
      },
    ],
  ]);
  const newHeight = all + top + bottom;
  return {
    ...layout,
    ...(Object.fromEntries(axes) as Fields),
    height: newHeight,
    legend: atSameDistance(asFields(layout["legend"]), height / newHeight),
    annotations: asList(layout["annotations"]).map((each) => {
      const panel = /^x(\d*) domain$/.exec(String(each["xref"]))?.[1];
      const isHeading = panel !== undefined && each["yref"] === "paper" && each["y"] === 1;
      return isHeading ? { ...each, y: tops[numbers.indexOf(panel)] } : each;
    }),
  };
}

/** The numbers in the names of x axes that share the width; "" for the first. */
function panelsOf(layout: Layout): string[] {
  const numbers = Object.keys(layout).flatMap((key) => /^xaxis(\d*)$/.exec(key)?.[1] ?? []);
  const isOurs = numbers.every((number) => {
    const [x, y] = [asFields(layout[`xaxis${number}`]), asFields(layout[`yaxis${number}`])];
    return x["domain"] !== undefined && y["domain"] === undefined && y["scaleanchor"] === undefined;
  });
  return isOurs ? numbers.toSorted((one, other) => Number(one) - Number(other)) : [];
}

/** A legend that keeps its distance from the top of the figure, in pixels, when the height is another. */
function atSameDistance(legend: Fields, ratio: number): Fields {
  const y = legend["y"];
  if (legend["yref"] !== "container" || typeof y !== "number") return legend;
  return { ...legend, y: 1 - (1 - y) * ratio };
}

const asFields = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? (value as Fields) : {};

const asList = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(asFields) : []);
