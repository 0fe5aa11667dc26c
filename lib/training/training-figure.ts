// The figure of a training: loss over the epochs, and beside it the accuracy where there is one.
import type { Figure } from "../plot/figure.ts";
import { plotPanels } from "../plot/panels.ts";
import type { SeriesOptions } from "../plot/series.ts";
import { plotLine } from "../plot/xy.ts";
import { type EpochRecord, lossText } from "./progress.ts";
import type { ThinnedCurve } from "./thinned-curve.ts";

/** What is drawn. */
export interface TrainingCurves {
  /** Per step, `x` in epochs. */
  readonly loss: ThinnedCurve;
  /** Per step, in percent. */
  readonly accuracy: ThinnedCurve;
  readonly epochs: readonly EpochRecord[];
}

/** One curve: its points, and the number of it that people ask for. */
interface Curve {
  x: number[];
  y: number[];
  latest: number;
}

/** One panel: what it is called, and its two curves. */
interface Quantity {
  name: string;
  write: (value: number) => string;
  train: Curve;
  validation: Curve;
}

const HEIGHT = 320;

/** Single batches are noisy: the number shown is the mean of so many points. */
const STEADIED = 10;

/**
 * The curves as a figure, or undefined while there is no finite number to draw.
 *
 * @param look - the headline, how many epochs the x axis shows, and whether the training has ended
 */
export function trainingFigure(
  { loss, accuracy, epochs }: TrainingCurves,
  look: { title: string; end: number; isOver: boolean },
): Figure | undefined {
  const last = look.isOver ? epochs.at(-1) : undefined;
  const quantities: Quantity[] = [
    {
      name: "loss",
      write: lossText,
      train: perStep(loss, last?.loss),
      validation: perEpoch(epochs, ({ validationLoss }) => validationLoss),
    },
    {
      name: "accuracy (%)",
      write: (value) => `${value.toFixed(1)} %`,
      train: perStep(accuracy, percent(last?.accuracy)),
      validation: perEpoch(epochs, ({ validationAccuracy }) => percent(validationAccuracy)),
    },
  ];
  const panels = quantities.flatMap((quantity) => drawPanel(quantity, look.end));
  if (panels.length === 0) return undefined;
  // Who hears the picture hears how far the training is, without the squares of the bar.
  const spoken = look.title.replace(/[▰▱]+ /, "");
  const alt = [`${spoken}.`, ...panels.map((panel) => `${panel.title}: ${panel.alt}`)].join(" ");
  return plotPanels(panels, { title: look.title, height: HEIGHT, alt });
}

/** One chart, or none while nothing in it is finite. */
function drawPanel({ name, write, train, validation }: Quantity, end: number): Figure[] {
  const curves = [
    { name: "train", curve: train, mark: "line" as const },
    { name: "validation", curve: validation, mark: "both" as const },
  ].filter(({ curve }) => curve.y.some(Number.isFinite));
  if (curves.length === 0) return [];
  const series = curves.map(({ name, curve, mark }): SeriesOptions => ({
    name,
    mark,
    x: curve.x,
    y: curve.y,
  }));
  const title = curves.map(({ name, curve }) => `${name} ${write(curve.latest)}`).join(", ");
  return [plotLine({ title, series, xLabel: "epoch", yLabel: name, xRange: [0, end] })];
}

/** A noisy curve: `latest` is the whole last epoch's mean when that is known, or that of the last points. */
function perStep(curve: ThinnedCurve, wholeEpoch: number | undefined): Curve {
  const { x, y } = curve.lists;
  return { x, y, latest: wholeEpoch ?? mean(y.slice(-STEADIED)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function perEpoch(
  epochs: readonly EpochRecord[],
  pick: (record: EpochRecord) => number | undefined,
): Curve {
  const points = epochs.flatMap((record, index) => {
    const y = pick(record);
    return y === undefined ? [] : [{ x: index + 1, y }];
  });
  const y = points.map((point) => point.y);
  return { x: points.map(({ x }) => x), y, latest: y.at(-1) ?? Number.NaN };
}

function percent(share: number | undefined): number | undefined {
  return share === undefined ? undefined : 100 * share;
}
