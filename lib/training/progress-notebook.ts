// Progress in a notebook: one output that changes, with the curves, a bar, the rate and the time left.
import { formatNumber, formatSeconds, roundTo } from "../plot/numbers.ts";
import type { DisplayHandle, NotebookKernel } from "../notebook.ts";
import {
  type EpochRecord,
  epochText,
  type ProgressReporter,
  type StepEvent,
  type TrainingPlan,
} from "./progress.ts";
import { ThinnedCurve } from "./thinned-curve.ts";
import { trainingFigure } from "./training-figure.ts";

/** Four drawings a second look alive and cost little. */
const BETWEEN_DRAWINGS_MS = 250;
const BAR_WIDTH = 10;

/**
 * A reporter that draws the training's curves while it runs; the last drawing stays in the saved notebook.
 *
 * @param kernel - where to show it
 * @param now - milliseconds of a clock that never goes back
 */
export function notebookProgress(
  kernel: NotebookKernel,
  now: () => number = () => performance.now(),
): ProgressReporter {
  let training: RunningTraining | undefined;
  let handle: DisplayHandle | undefined;
  let lastDrawn = -Infinity;
  const draw = (isOver: boolean): void => {
    if (training === undefined) return;
    lastDrawn = now();
    const bundle = bundleOf(training, { time: lastDrawn, isOver });
    if (handle === undefined) handle = kernel.display(bundle);
    else handle.update(bundle);
  };
  return {
    begin: (plan) => (training = new RunningTraining(plan, now())),
    step(event) {
      training?.addStep(event);
      if (now() - lastDrawn >= BETWEEN_DRAWINGS_MS) draw(false);
    },
    epoch: (record) => training?.epochs.push(record),
    end: () => draw(true),
  };
}

/** What is known of a training so far. */
class RunningTraining {
  readonly plan: TrainingPlan;
  readonly start: number;
  readonly loss = new ThinnedCurve();
  readonly accuracy = new ThinnedCurve();
  readonly epochs: EpochRecord[] = [];
  steps = 0;
  last: StepEvent | undefined;

  constructor(plan: TrainingPlan, start: number) {
    this.plan = plan;
    this.start = start;
  }

  addStep(event: StepEvent): void {
    this.steps += 1;
    this.last = event;
    const x = this.steps / this.plan.stepsPerEpoch;
    this.loss.add(x, event.loss);
    if (event.accuracy !== undefined) this.accuracy.add(x, 100 * event.accuracy);
  }
}

interface Moment {
  time: number;
  isOver: boolean;
}

function bundleOf(training: RunningTraining, moment: Moment): Record<string, unknown> {
  const headline = headlineOf(training, moment);
  const lines = training.epochs.map((record, index) =>
    epochText(record, index, training.plan.epochs),
  );
  const end = moment.isOver ? training.steps / training.plan.stepsPerEpoch : training.plan.epochs;
  const figure = trainingFigure(training, { title: headline, end, isOver: moment.isOver });
  return { ...figure?.toMimeBundle(), "text/plain": [headline, ...lines].join("\n") };
}

/** "Epoch 2 of 5 ▰▰▰▱▱▱▱▱▱▱ 38 %, 231 steps/s, 9 s left", or how it ended. */
function headlineOf(
  { plan, steps, start, epochs }: RunningTraining,
  { time, isOver }: Moment,
): string {
  const seconds = Math.max(1e-3, (time - start) / 1000);
  const rate = `${formatNumber(roundTo(steps / seconds, 3))} steps/s`;
  if (isOver) {
    const isWhole = epochs.length === plan.epochs;
    const done = isWhole
      ? `Trained ${epochs.length}`
      : `Stopped after ${epochs.length} of ${plan.epochs}`;
    return `${done} ${plan.epochs === 1 ? "epoch" : "epochs"}: ${formatSeconds(seconds)}, ${rate}`;
  }
  const all = plan.epochs * plan.stepsPerEpoch;
  const filled = Math.floor((BAR_WIDTH * steps) / all);
  const bar = "▰".repeat(filled) + "▱".repeat(BAR_WIDTH - filled);
  const left = formatSeconds(((all - steps) * seconds) / steps);
  const epoch = Math.min(plan.epochs, epochs.length + 1);
  return `Epoch ${epoch} of ${plan.epochs} ${bar} ${Math.floor((100 * steps) / all)} %, ${rate}, ${left} left`;
}
