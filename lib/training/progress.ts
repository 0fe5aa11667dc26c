// Progress of a training: what a reporter is told, and the plain bar on a terminal.
/** What is known before the first step. */
export interface TrainingPlan {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly hasValidation: boolean;
}

/** One step, after it was taken. */
export interface StepEvent {
  /** From 0. */
  readonly epoch: number;
  /** From 0, within the epoch. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Loss of this step's batch. */
  readonly loss: number;
  /** Share of right answers in this step's batch, when the targets are classes. */
  readonly accuracy?: number;
}

/** Results of one epoch. */
export interface EpochRecord {
  /** Mean over the epoch's training examples, each measured before the step that used it. */
  readonly loss: number;
  readonly accuracy?: number;
  /** Mean over the validation examples, after the epoch. */
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
  /** Wall time of training and validation. */
  readonly seconds: number;
}

/** Draws or logs a training while it runs; every method may be left out. */
export interface ProgressReporter {
  begin?(plan: TrainingPlan): void;
  /** Called after every step: keep it short, or do something only every 100 ms. */
  step?(event: StepEvent): void;
  epoch?(record: EpochRecord, index: number): void;
  /** Called once, also when the training was stopped or failed. */
  end?(): void;
}

/** Where a bar is drawn: one line that changes, and lines that stay. */
export interface ProgressLine {
  /** Replaces the changing line. */
  show(text: string): void;
  /** Adds a line that stays above the changing one. */
  keep(text: string): void;
  /** Removes the changing line. */
  finish(): void;
}

const BETWEEN_DRAWINGS_MS = 100;
const BAR_WIDTH = 24;
const MOST_WITH_DIGITS = 1e6;

/** A reporter that draws a bar for the running epoch and one line for each finished one. */
export function textProgress(line: ProgressLine): ProgressReporter {
  let plan: TrainingPlan | undefined;
  let lastDrawn = -Infinity;
  return {
    begin: (given) => (plan = given),
    step(event) {
      const now = performance.now();
      if (now - lastDrawn < BETWEEN_DRAWINGS_MS) return;
      lastDrawn = now;
      line.show(barText(event, plan!.epochs));
    },
    epoch: (record, index) => line.keep(epochText(record, index, plan!.epochs)),
    end: () => line.finish(),
  };
}

function barText({ epoch, step, stepsPerEpoch, loss }: StepEvent, epochs: number): string {
  const filled = Math.round((BAR_WIDTH * (step + 1)) / stepsPerEpoch);
  const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  return `epoch ${epoch + 1}/${epochs} ${bar} ${step + 1}/${stepsPerEpoch} loss ${lossText(loss)}`;
}

/** A loss with four digits behind the point; of one that grew beyond all bounds, how many digits it has. */
export function lossText(loss: number): string {
  return Math.abs(loss) < MOST_WITH_DIGITS ? loss.toFixed(4) : loss.toExponential(2);
}

/** One line about a finished epoch, for people. */
export function epochText(record: EpochRecord, index: number, epochs: number): string {
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  const { loss, accuracy, validationLoss, validationAccuracy, seconds } = record;
  const parts = [`epoch ${index + 1}/${epochs}: loss ${lossText(loss)}`];
  if (accuracy !== undefined) parts.push(`accuracy ${percent(accuracy)}`);
  if (validationLoss !== undefined) parts.push(`validation loss ${lossText(validationLoss)}`);
  if (validationAccuracy !== undefined) parts.push(`accuracy ${percent(validationAccuracy)}`);
  return `${parts.join(", ")} (${seconds.toFixed(1)} s)`;
}

/** A bar on a terminal: the changing line is the last one. */
export function terminalLine(stream: NodeJS.WriteStream): ProgressLine {
  const CLEAR = "\r\u001b[2K";
  return {
    show: (text) => void stream.write(CLEAR + text.slice(0, stream.columns ?? 80)),
    keep: (text) => void stream.write(`${CLEAR}${text}\n`),
    finish: () => void stream.write(CLEAR),
  };
}
