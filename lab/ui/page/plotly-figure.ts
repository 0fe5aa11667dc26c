// Reads the payload of a Plotly output, whatever form the kernel sent it in.

/** A figure as plotly.js takes it. */
export interface PlotlyFigure {
  readonly data: unknown[];
  readonly layout: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
  readonly frames: unknown[];
  /** What a screen reader says, from `layout.meta.alt` or the title. */
  readonly alt: string | undefined;
}

/**
 * A figure from an output's payload: an object, or a string that holds its JSON.
 *
 * @throws {TypeError} when there is no figure in it
 */
export function readFigure(payload: unknown): PlotlyFigure {
  const figure = typeof payload === "string" ? (JSON.parse(payload) as unknown) : payload;
  if (typeof figure !== "object" || figure === null) {
    throw new TypeError(
      `a Plotly output must be an object with data and layout, got ${JSON.stringify(figure)}. Build it with gradlab's plot functions.`,
    );
  }
  const { data, layout, config, frames } = figure as Record<string, unknown>;
  const settings = asRecord(layout);
  return {
    // plotly.js keeps and changes what it is given: the notebook's own copy has to stay as it was saved.
    data: structuredClone(Array.isArray(data) ? data : []),
    layout: structuredClone(settings),
    config: asRecord(config),
    frames: structuredClone(Array.isArray(frames) ? frames : []),
    alt: altText(settings),
  };
}

function altText(layout: Readonly<Record<string, unknown>>): string | undefined {
  const alt = asRecord(layout["meta"])["alt"];
  if (typeof alt === "string") return alt;
  const title = layout["title"];
  const text = typeof title === "string" ? title : asRecord(title)["text"];
  return typeof text === "string" ? text : undefined;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
