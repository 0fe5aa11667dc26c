// The static picture of a figure: the same description that Plotly gets, drawn as SVG.
import type { Description } from "../description.ts";
import { drawAxes, drawColourBar, drawGrid, drawLegend } from "./axes.ts";
import { label, picture } from "./element.ts";
import { type ChartFrame, colourBarOf, frameOf, WIDTH } from "./frame.ts";
import { drawAnnotations, drawTraces } from "./marks.ts";

/**
 * Draws a figure; of a figure with a slider, the state that `data` holds.
 *
 * @param alt - what a screen reader says instead of the picture
 */
export function drawChart(description: Description, alt: string): string {
  const { data, layout } = description;
  const frame = frameOf(description);
  const scaled = colourBarOf(data);
  return picture(
    { width: WIDTH, height: frame.height },
    { title: layout.title.text, alt },
    drawTitle(frame),
    drawLegend(frame.legend),
    drawGrid(frame, layout),
    drawTraces(data, frame),
    drawAxes(frame, layout),
    drawAnnotations(layout.annotations, frame),
    scaled === undefined ? "" : drawColourBar(scaled, frame),
    drawSliderState(description, frame),
  );
}

function drawTitle({ titleLines }: ChartFrame): string {
  return titleLines
    .map((line, index) =>
      label(line, [20, 24 + index * 20], { anchor: "start", size: 15, bold: true }),
    )
    .join("");
}

/** What the slider stands on, in words, since a picture cannot slide. */
function drawSliderState({ layout }: Description, { height }: ChartFrame): string {
  const slider = layout.sliders[0];
  if (slider === undefined) return "";
  const chosen = slider.steps[slider.active]?.label ?? "";
  const words = `${slider.currentvalue.prefix}${chosen} (setting ${slider.active + 1} of ${slider.steps.length})`;
  return label(words, [WIDTH / 2, height - 10], { size: 13, bold: true });
}
