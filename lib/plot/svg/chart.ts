// The static picture of a figure: the same description that Plotly gets, drawn as SVG.
import type { Description } from "../description.ts";
import { drawAxes, drawColourBar, drawGrid, drawLegend } from "./axes.ts";
import { label, picture } from "./element.ts";
import { type ChartFrame, colourBarOf, frameOf, type PanelFrame, WIDTH } from "./frame.ts";
import { drawAnnotations, drawTraces } from "./marks.ts";

/**
 * Draws a figure; of a figure with a slider, the state that `panels` holds.
 *
 * @param alt - what a screen reader says instead of the picture
 */
export function drawChart(description: Description, alt: string): string {
  const { title, height } = description;
  const frame = frameOf(description);
  return picture(
    { width: WIDTH, height },
    { title, alt },
    drawTitle(frame),
    drawLegend(frame.legend),
    ...frame.panels.map(drawPanel),
    drawSliderState(description),
  );
}

function drawPanel(frame: PanelFrame): string {
  const scaled = colourBarOf(frame.panel.data);
  return [
    drawHeading(frame),
    drawGrid(frame),
    drawTraces(frame),
    drawAxes(frame),
    drawAnnotations(frame),
    scaled === undefined ? "" : drawColourBar(scaled, frame),
  ].join("");
}

function drawTitle({ titleLines }: ChartFrame): string {
  return titleLines
    .map((line, index) =>
      label(line, [20, 24 + index * 20], { anchor: "start", size: 15, bold: true }),
    )
    .join("");
}

function drawHeading({ panel, plot }: PanelFrame): string {
  if (panel.heading === "") return "";
  return label(panel.heading, [(plot.left + plot.right) / 2, plot.top - 8], {
    size: 13,
    bold: true,
  });
}

/** What the slider stands on, in words, since a picture cannot slide. */
function drawSliderState({ slider, height }: Description): string {
  if (slider === undefined) return "";
  const { name, labels, active } = slider;
  const words = `${name} = ${labels[active]} (setting ${active + 1} of ${labels.length})`;
  return label(words, [WIDTH / 2, height - 10], { size: 13, bold: true });
}
