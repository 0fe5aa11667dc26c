// A finished figure: one description, shown three ways (interactive, as a picture, as text).
import { showItself } from "../display.ts";
import type { Description } from "./description.ts";
import { type PlotlyBundle, toPlotly } from "./plotly.ts";
import { drawChart } from "./svg/chart.ts";

/** One value, by media type. */
export type FigureBundle = Record<string, unknown>;

/** What a figure says besides its picture. */
export interface FigureWords {
  /** One or two sentences for who does not see it. */
  alt: string;
  /** A rough picture of a few lines, made of letters. */
  sketch: readonly string[];
}

/**
 * A figure. As the last expression of a cell it shows itself: interactive where Plotly is there, as a static picture
 * elsewhere, as text on a terminal.
 */
export class Figure {
  /** What both pictures are drawn from. */
  readonly description: Description;
  /** One or two sentences for who does not see it. */
  readonly alt: string;
  /** A rough picture of a few lines, made of letters. */
  readonly sketch: readonly string[];

  static {
    showItself(Figure);
  }

  /** Use `plotLine` and its sisters; this is for new kinds of figure. */
  constructor(description: Description, words: FigureWords) {
    this.description = description;
    this.alt = words.alt;
    this.sketch = words.sketch;
  }

  /** The headline. */
  get title(): string {
    return this.description.title;
  }

  /** The figure for Plotly: `{ data, layout, frames, config }`, plain data. */
  toPlotly(): PlotlyBundle {
    return toPlotly(this.description, this.alt);
  }

  /** The static picture, as the text of an SVG file. */
  toSvg(): string {
    return drawChart(this.description, this.alt);
  }

  /** Headline, description and rough picture as text. */
  toText(): string {
    return [this.title, this.alt, ...this.sketch].join("\n");
  }

  /** What a notebook shows; it asks for it under `Symbol.for("Jupyter.display")`. */
  toMimeBundle(): FigureBundle {
    return {
      "application/vnd.plotly.v1+json": this.toPlotly(),
      "image/svg+xml": this.toSvg(),
      "text/plain": this.toText(),
    };
  }
}
