// Charts described as plain data, recognised by their shape: figures of Plotly, specifications of Vega.
import { DisplayError, kindOf, normalizeBundle, type MimeBundle } from "./mime-bundle.ts";

const PLOTLY = "application/vnd.plotly.v1+json";
const VEGA_SCHEMA = /^https?:\/\/vega\.github\.io\/schema\/(vega|vega-lite)\/v(\d+)/;
/** The newest of each that front ends draw; later specifications keep its form. */
const NEWEST = { vega: 5, "vega-lite": 5 } as const;

/** Whether a value looks like a Plotly figure: `data` is a list of traces, `layout` an object. */
export function isPlotlyFigure(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { data, layout } = value;
  return Array.isArray(data) && (layout === undefined || isObject(layout));
}

/** A bundle for a value that can hardly be anything but a chart; undefined for every other one. */
export function chartBundle(value: unknown): MimeBundle | undefined {
  if (!isObject(value)) return undefined;
  if (vegaMime(value) !== undefined) return vegaBundle(value);
  const isFigure = isObject(value["layout"]) && isPlotlyFigure(value);
  return isFigure && (value["data"] as unknown[]).every(isTrace) ? plotlyBundle(value) : undefined;
}

/**
 * A Plotly figure.
 *
 * @throws {DisplayError} when `figure` is none
 */
export function plotlyBundle(figure: unknown): MimeBundle {
  if (!isPlotlyFigure(figure)) {
    throw new DisplayError(
      `display.plotly: the argument must be a figure { data: [traces], layout: {...} }, got ${kindOf(figure)}. Put the traces into a list named data.`,
    );
  }
  const { data } = figure as { data: unknown[] };
  const plain = `Plotly figure, ${data.length} ${data.length === 1 ? "trace" : "traces"}`;
  return normalizeBundle({ [PLOTLY]: figure, "text/plain": plain });
}

/**
 * A specification of Vega or Vega-Lite.
 *
 * @throws {DisplayError} when `$schema` does not name one of them
 */
export function vegaBundle(specification: unknown): MimeBundle {
  const mime = isObject(specification) ? vegaMime(specification) : undefined;
  if (mime === undefined) {
    throw new DisplayError(
      `display.vega: the argument must be a specification with $schema, got ${kindOf(specification)}. Add "$schema": "https://vega.github.io/schema/vega-lite/v5.json", or that of Vega.`,
    );
  }
  const { mark, title } = specification as { mark?: unknown; title?: unknown };
  const kind = mime.includes("vegalite") ? "Vega-Lite chart" : "Vega chart";
  const parts = [kind, markName(mark), typeof title === "string" ? title : ""];
  const plain = parts.filter((part) => part !== "").join(", ");
  return normalizeBundle({ [mime]: specification, "text/plain": plain });
}

function vegaMime({ $schema }: Record<string, unknown>): string | undefined {
  const found = typeof $schema === "string" ? VEGA_SCHEMA.exec($schema) : null;
  if (!found) return undefined;
  const language = found[1] as keyof typeof NEWEST;
  const version = Math.min(Number(found[2]), NEWEST[language]);
  return `application/vnd.${language.replace("-", "")}.v${version}+json`;
}

function markName(mark: unknown): string {
  const name: unknown = isObject(mark) ? mark["type"] : mark;
  return typeof name === "string" ? name : "";
}

/** A trace names its kind, or holds coordinates. */
function isTrace(value: unknown): boolean {
  if (!isObject(value) || Array.isArray(value)) return false;
  return ["type", "x", "y", "z", "values", "labels"].some((key) => key in value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
