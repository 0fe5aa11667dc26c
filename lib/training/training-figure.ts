// The figure of a training: loss over the epochs, and beside it the accuracy where there is one.
import type { Figure } from "../plot/figure.ts";
import { plotPanels } from "../plot/panels.ts";
import type { SeriesOptions } from "../plot/series.ts";
import { plotLine } from "../plot/xy.ts";
import type { EpochRecord } from "./progress.ts";
import type { ThinnedCurve } from "./thinned-curve.ts";

/** What is drawn. */
export interface TrainingCurves {
  /** Per step, `x` in epochs. */
  readonly loss: ThinnedCurve;
  /** Per step, in percent. */
  readonly accuracy: ThinnedCurve;
  readonly epochs: readonly EpochRecord[];
}

/** One panel: what it is called, and its two curves. */
interface Quantity {
  name: string;
  write: (value: number) => string;
  train: { x: number[]; y: number[] };
  validation: { x: number[]; y: number[] };
}

interface Curve {
  name: string;
  points: { x: number[]; y: number[] };
  mark: "line" | "both";
  /** The number in the heading is the mean of so many last points, because single batches are noisy. */
  steadied: number;
}

const HEIGHT = 320;

/**
 * The curves as a figure, or undefined while there is no finite number to draw.
 *
 * @param look - the headline, and how many epochs the x axis shows
 */
export function trainingFigure(
  { loss, accuracy, epochs }: TrainingCurves,
  look: { title: string; end: number },
): Figure | undefined {
  const quantities: Quantity[] = [
    {
      name: "loss",
      write: (value) => value.toFixed(4),
      train: loss.lists,
      validation: perEpoch(epochs, ({ validationLoss }) => validationLoss),
    },
    {
      name: "accuracy (%)",
      write: (value) => `${value.toFixed(1)} %`,
      train: accuracy.lists,
      validation: perEpoch(epochs, ({ validationAccuracy }) => percent(validationAccuracy)),
    },
  ];
  const panels = quantities.flatMap((quantity) => drawPanel(quantity, look.end));
  if (panels.length === 0) return undefined;
  return plotPanels(panels, { title: look.title, height: HEIGHT });
}

/** One chart, or none while nothing in it is finite. */
function drawPanel({ name, write, train, validation }: Quantity, end: number): Figure[] {
  const curves: Curve[] = [
    { name: "train", points: train, mark: "line", steadied: 10 },
    { name: "validation", points: validation, mark: "both", steadied: 1 },
  ];
  const shown = curves.filter(({ points }) => points.y.some(Number.isFinite));
  if (shown.length === 0) return [];
  const series = shown.map(({ name, points, mark }): SeriesOptions => ({ name, mark, ...points }));
  const title = shown.map(
    ({ name, points, steadied }) => `${name} ${write(mean(points.y.slice(-steadied)))}`,
  );
  return [
    plotLine({ title: title.join(", "), series, xLabel: "epoch", yLabel: name, xRange: [0, end] }),
  ];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function perEpoch(
  epochs: readonly EpochRecord[],
  pick: (record: EpochRecord) => number | undefined,
): { x: number[]; y: number[] } {
  const points = epochs.flatMap((record, index) => {
    const y = pick(record);
    return y === undefined ? [] : [{ x: index + 1, y }];
  });
  return { x: points.map(({ x }) => x), y: points.map(({ y }) => y) };
}

function percent(share: number | undefined): number | undefined {
  return share === undefined ? undefined : 100 * share;
}
