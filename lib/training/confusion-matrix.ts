// The confusion matrix: which classes a model takes for which.
import { showItself, groupDigits, tableBundle, type MimeBundle } from "../display.ts";
import type { Layer } from "../layers/layer.ts";
import { fromTypedArray } from "../ops/creation.ts";
import type { Tensor } from "../tensor.ts";
import { predictedClasses, type ClassTargets } from "./metrics.ts";
import type { PredictOptions } from "./predict.ts";

/** Settings of a confusion matrix. */
export interface ConfusionOptions extends PredictOptions {
  /** Names of the classes; numbers when left out. */
  readonly names?: readonly string[];
}

/** Counts of examples by right class (row) and predicted class (column). */
export class ConfusionMatrix {
  /** `counts[right][predicted]` */
  readonly counts: readonly (readonly number[])[];
  readonly names: readonly string[];

  constructor(counts: readonly (readonly number[])[], names?: readonly string[]) {
    this.counts = counts;
    this.names = names ?? counts.map((_, index) => String(index));
  }

  /** The counts as a tensor `[classes, classes]` int32. */
  get tensor(): Tensor {
    return fromTypedArray(Int32Array.from(this.counts.flat()), [
      this.counts.length,
      this.counts.length,
    ]);
  }

  /** Number of examples. */
  get total(): number {
    return sum(this.counts.flat());
  }

  /** Share of the diagonal, 0..1. */
  get accuracy(): number {
    return sum(this.counts.map((row, index) => row[index]!)) / this.total;
  }

  /** For each class the share of its examples that were recognised, 0..1; NaN for a class without examples. */
  get recall(): number[] {
    return this.counts.map((row, index) => row[index]! / sum(row));
  }

  /** For each class the share of right ones among what was taken for it, 0..1; NaN when nothing was. */
  get precision(): number[] {
    return this.counts.map(
      (row, index) => row[index]! / sum(this.counts.map((each) => each[index]!)),
    );
  }

  /** The table as text. */
  toString(): string {
    return this.toMimeBundle()["text/plain"]!;
  }

  /** A table whose cells are shaded by their share of the row. */
  toMimeBundle(): MimeBundle {
    const share = (row: number, column: number): number =>
      this.counts[row]![column]! / Math.max(1, sum(this.counts[row]!));
    return tableBundle({
      title: `Confusion matrix: ${percent(this.accuracy)} of ${groupDigits(this.total)} right (rows: right class, columns: predicted)`,
      columns: ["", ...this.names, "recall"],
      rows: this.counts.map((row, index) => [
        this.names[index]!,
        ...row.map(String),
        percent(this.recall[index]!),
      ]),
      footer: ["precision", ...this.precision.map(percent), percent(this.accuracy)],
      cellStyle: (row, column) =>
        row >= 0 && column >= 1 && column <= this.counts.length
          ? shade(share(row, column - 1), row === column - 1)
          : undefined,
    });
  }

  static {
    showItself(ConfusionMatrix);
  }
}

/**
 * Asks a model about every example and counts what it takes for what.
 *
 * @param source - a model, or predictions `[examples, classes]`
 * @param data - a data set with class indices as targets, or targets `[examples]` int32
 */
export function confusionMatrix(
  source: Layer | Tensor,
  data: ClassTargets,
  options: ConfusionOptions = {},
): ConfusionMatrix {
  const { predicted, wanted } = predictedClasses(source, data, options);
  const largest = Math.max(predicted.reduce(larger, 0), wanted.reduce(larger, 0));
  const classes = Math.max(options.names?.length ?? 0, largest + 1);
  const counts = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  for (const [index, right] of wanted.entries()) counts[right]![predicted[index]!]! += 1;
  return new ConfusionMatrix(counts, options.names);
}

const larger = (a: number, b: number): number => Math.max(a, b);

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

const percent = (share: number): string =>
  Number.isNaN(share) ? "-" : `${(100 * share).toFixed(1)} %`;

// Mistakes are rare: the square root makes a share of 1 % visible.
function shade(share: number, isRight: boolean): string {
  if (share === 0) return "";
  const colour = isRight ? "46, 125, 50" : "198, 40, 40";
  return `background:rgba(${colour}, ${(0.8 * Math.sqrt(share)).toFixed(2)})`;
}
