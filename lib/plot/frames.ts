// Figures with a slider: every state is drawn beforehand, so that a saved notebook slides without a kernel.
import type {
  Annotation,
  Axis,
  Description,
  Frame,
  HeatMapTrace,
  Panel,
  Slider,
  Trace,
} from "./description.ts";
import { Figure } from "./figure.ts";
import { cellTexts } from "./heat-map.ts";
import { formatNumber } from "./numbers.ts";
import { argumentProblem } from "./problems.ts";
import { unionOf } from "./scales.ts";
import { CAPTION } from "./svg/frame.ts";

/** What `plotFrames` takes besides the function that draws. */
export interface FramesOptions<Value extends number | string> {
  /** What the slider changes: "learning rate". */
  name: string;
  /** Its settings, at most 30. */
  values: readonly Value[];
  /** Index of the setting that is shown first and in the static picture; the middle one when left out. */
  start?: number;
  /** Said instead of the picture; derived from the figures when left out. */
  alt?: string;
}

const MOST_FRAMES = 30;

/**
 * A figure with a slider: `draw` is called once for each value, and all its figures share their axes, so that the
 * states can be compared.
 *
 * @example plotFrames((rate) => plotLine({ title: "Descent", y: descend(rate) }), { name: "rate", values: [0.1, 1] })
 * @throws {ArgumentError} when there are no values or more than 30, or the figures differ in kind
 */
export function plotFrames<Value extends number | string>(
  draw: (value: Value) => Figure,
  options: FramesOptions<Value>,
): Figure {
  const { name, values } = options;
  const start = options.start ?? Math.floor((values.length - 1) / 2);
  checkFrames(values.length, start);
  const figures = values.map((value) => draw(value));
  const shown = figures[start] as Figure;
  const labels: string[] = values.map((value: number | string) =>
    typeof value === "number" ? formatNumber(value) : value,
  );
  checkSameKind(figures, labels);
  const description = joined(
    figures.map((figure) => figure.description),
    { name, labels, active: start },
  );
  const alt =
    `Figure with a slider for ${name}, ${labels.length} settings from ${labels[0]} to ${labels.at(-1)}. ` +
    `At ${labels[start]}: ${shown.alt}`;
  return new Figure(description, { alt: options.alt ?? alt, sketch: shown.sketch });
}

function joined(states: readonly Description[], slider: Slider): Description {
  const frames = states.map(({ title, panels }): Frame => ({
    title,
    panels: panels.map((panel, place) =>
      sharedPanel(
        panel,
        states.map((state) => state.panels[place] as Panel),
      ),
    ),
  }));
  const shown = states[slider.active] as Description;
  const { panels } = frames[slider.active] as Frame;
  return { ...shown, height: shown.height + CAPTION, panels, frames, slider };
}

/** A panel on the axes and in the colours that hold all its states. */
function sharedPanel(panel: Panel, states: readonly Panel[]): Panel {
  const axis = (pick: (state: Panel) => Axis): Axis =>
    states.map(pick).reduce((union, one) => unionOf(union, one), pick(panel));
  const data = panel.data.map((trace, place) =>
    sharingColours(
      trace,
      states.map((state) => state.data[place] as Trace),
    ),
  );
  const written = panel.annotations.length > 0 ? data.flatMap(writtenCells) : [];
  return {
    ...panel,
    data,
    xaxis: axis((state) => state.xaxis),
    yaxis: axis((state) => state.yaxis),
    annotations: written.length > 0 ? written : panel.annotations,
  };
}

/** A heat map gets the range of colours of all states, so that a colour means one number. */
function sharingColours(trace: Trace, states: readonly Trace[]): Trace {
  if (trace.type !== "heatmap") return trace;
  const all = states as readonly HeatMapTrace[];
  return {
    ...trace,
    zmin: Math.min(...all.map(({ zmin }) => zmin)),
    zmax: Math.max(...all.map(({ zmax }) => zmax)),
  };
}

/** The numbers in the cells, whose black or white depends on the shared colours. */
function writtenCells(trace: Trace): Annotation[] {
  return trace.type === "heatmap" && trace.showscale ? cellTexts(trace) : [];
}

function checkFrames(count: number, start: number): void {
  if (count < 1 || count > MOST_FRAMES) {
    throw argumentProblem({
      expected: `plotFrames: values must have 1 to ${MOST_FRAMES} entries`,
      got: String(count),
      fix: "Each is a whole figure in the saved notebook: choose the settings that show most.",
    });
  }
  if (Number.isInteger(start) && start >= 0 && start < count) return;
  throw argumentProblem({
    expected: `plotFrames: start must be an index into values, 0 to ${count - 1}`,
    got: String(start),
    fix: "Leave it out to start in the middle.",
  });
}

function checkSameKind(figures: readonly Figure[], labels: readonly string[]): void {
  const kindOf = (figure: Figure): string =>
    figure.description.panels
      .flatMap(({ data }) => data)
      .map(({ type, name }) => (name === "" ? type : `${type} "${name}"`))
      .join(", ");
  const kinds = figures.map(kindOf);
  const odd = kinds.findIndex((kind) => kind !== kinds[0]);
  if (odd < 0) return;
  throw argumentProblem({
    expected: `plotFrames: every figure must have the same series (${kinds[0]})`,
    got: `${kinds[odd]} at ${labels[odd]}`,
    fix: "Draw the same series for every value; NaN leaves gaps.",
  });
}
