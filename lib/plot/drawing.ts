// A picture that is not a chart: SVG with words, and nothing for Plotly.
import { showItself } from "../display.ts";
import type { FigureBundle } from "./figure.ts";

/** A diagram. As the last expression of a cell it shows itself: as a picture, or as text on a terminal. */
export class Drawing {
  readonly title: string;
  /** One or two sentences for who does not see it. */
  readonly alt: string;
  readonly #svg: string;
  readonly #text: string;

  static {
    showItself(Drawing);
  }

  /** Use `drawNetwork`; this is for new kinds of diagram. */
  constructor(words: { title: string; alt: string; text: string }, svg: string) {
    this.title = words.title;
    this.alt = words.alt;
    this.#text = words.text;
    this.#svg = svg;
  }

  /** The picture, as the text of an SVG file. */
  toSvg(): string {
    return this.#svg;
  }

  /** Headline, description and rough picture as text. */
  toText(): string {
    return [this.title, this.alt, this.#text].join("\n");
  }

  /** What a notebook shows; it asks for it under `Symbol.for("Jupyter.display")`. */
  toMimeBundle(): FigureBundle {
    return { "image/svg+xml": this.toSvg(), "text/plain": this.toText() };
  }
}
