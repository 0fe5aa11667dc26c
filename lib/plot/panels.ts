// Several figures side by side, as one.
import type { Panel, Trace } from "./description.ts";
import { Figure } from "./figure.ts";
import { argumentProblem } from "./problems.ts";
import { recoloured } from "./traces.ts";

/** What `plotPanels` takes besides the figures. */
export interface PanelsOptions {
  title: string;
  /** Pixels; the tallest figure's when left out. */
  height?: number;
  /** Said instead of the picture; the figures' texts when left out. */
  alt?: string;
}

const MOST_PANELS = 4;

/**
 * Up to four figures side by side under one title; their own titles stand over them. A name in the legend means the
 * same in all of them.
 *
 * @example plotPanels([lossCurve, accuracyCurve], { title: "Training" })
 * @throws {ArgumentError} when there are none or more than four, or one has a slider
 */
export function plotPanels(figures: readonly Figure[], options: PanelsOptions): Figure {
  checkPanels(figures);
  const parts = figures.map(({ description }) => description);
  const description = {
    title: options.title,
    height: options.height ?? Math.max(...parts.map(({ height }) => height)),
    panels: sharingLooks(
      parts.flatMap(({ title, panels }) =>
        panels.map((panel) => ({ ...panel, heading: panel.heading || title })),
      ),
    ),
    frames: [],
  };
  const alt = options.alt ?? figures.map((figure) => `${figure.title}: ${figure.alt}`).join(" ");
  const sketch = figures.flatMap((figure) => [`${figure.title}:`, ...figure.sketch]);
  return new Figure(description, { alt, sketch });
}

/** One name has one colour in all panels, and no two names share one. */
function sharingLooks(panels: readonly Panel[]): Panel[] {
  const names: string[] = [];
  const look = (trace: Trace): Trace => {
    if (trace.name === "") return trace;
    if (!names.includes(trace.name)) names.push(trace.name);
    return recoloured(trace, names.indexOf(trace.name));
  };
  return panels.map((panel) => ({ ...panel, data: panel.data.map(look) }));
}

function checkPanels(figures: readonly Figure[]): void {
  const count = figures.flatMap(({ description }) => description.panels).length;
  if (count < 1 || count > MOST_PANELS) {
    throw argumentProblem({
      expected: `plotPanels: needs 1 to ${MOST_PANELS} figures`,
      got: String(count),
      fix: "Show the others in a second row: another plotPanels.",
    });
  }
  if (figures.every(({ description }) => description.slider === undefined)) return;
  throw argumentProblem({
    expected: "plotPanels: figures must be without a slider",
    got: "one from plotFrames",
    fix: "Turn it round: plotFrames((value) => plotPanels([...]), { name, values }).",
  });
}
