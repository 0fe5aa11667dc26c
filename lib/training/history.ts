// The history of a training: what happened in each epoch, and why it ended.
import { groupDigits, showItself, tableBundle, type MimeBundle } from "../display.ts";
import { type EpochRecord, lossText } from "./progress.ts";

/** What `fit` returns; it shows itself as a table. */
export class History {
  readonly epochs: EpochRecord[] = [];
  /** Why the training ended before its last epoch; undefined when it did not. */
  stopped: "early" | "interrupt" | undefined;
  /**
   * The epoch whose weights the model has, from 0, when the best ones were put back; undefined also where no validation
   * loss was a finite number, and the weights of the start were.
   */
  bestEpoch: number | undefined;
  /** How many optimizer steps were taken. */
  steps = 0;

  /** The table as text. */
  toString(): string {
    return this.toMimeBundle()["text/plain"]!;
  }

  /** One line for each epoch. */
  toMimeBundle(): MimeBundle {
    const number = (value: number | undefined): string =>
      value === undefined ? "" : lossText(value);
    const share = (value: number | undefined): string =>
      value === undefined ? "" : `${(100 * value).toFixed(2)} %`;
    return tableBundle({
      title: this.#title(),
      columns: ["epoch", "loss", "accuracy", "validation loss", "validation accuracy", "seconds"],
      rows: this.epochs.map((record, index) => [
        `${index + 1}${index === this.bestEpoch ? " (best)" : ""}`,
        number(record.loss),
        share(record.accuracy),
        number(record.validationLoss),
        share(record.validationAccuracy),
        record.seconds.toFixed(1),
      ]),
    });
  }

  static {
    showItself(History);
  }

  #title(): string {
    const isLost = this.bestEpoch === undefined;
    const early = isLost
      ? "was never a finite number: back to the first weights"
      : "no longer fell";
    const endings = {
      early: `, stopped early because the validation loss ${early}`,
      interrupt: ", interrupted",
    };
    return `Training of ${groupDigits(this.steps)} steps${this.stopped === undefined ? "" : endings[this.stopped]}`;
  }
}

/** A mean of numbers with weights, updated one at a time. */
export class RunningMean {
  #sum = 0;
  #weight = 0;

  /** Adds a number; undefined adds nothing. */
  add(value: number | undefined, weight: number): void {
    if (value === undefined) return;
    this.#sum += weight * value;
    this.#weight += weight;
  }

  /** The mean so far; undefined when nothing was added. */
  get value(): number | undefined {
    return this.#weight === 0 ? undefined : this.#sum / this.#weight;
  }
}
