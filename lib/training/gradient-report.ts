// The result of a gradient check that passed: how close each gradient came to the measured slopes.
import { showItself, groupDigits, tableBundle, type MimeBundle } from "../display.ts";
import { shapeText, sizeOf, type Shape } from "../shape.ts";

/** One gradient that agrees with finite differences. */
export interface GradientResult {
  /** `gradInput`, `gradWeight`, ... */
  readonly gradientName: string;
  readonly shape: Shape;
  /** How many entries were compared. */
  readonly checked: number;
  /** Largest |gradient - slope| / (|gradient| + |slope|). */
  readonly worstError: number;
}

/** All gradients of a layer or loss, checked. */
export class GradientReport {
  /** The layer or loss. */
  readonly subject: string;
  readonly results: readonly GradientResult[];

  constructor(subject: string, results: readonly GradientResult[]) {
    this.subject = subject;
    this.results = results;
  }

  /** One sentence. */
  toString(): string {
    const names = this.results.map(({ gradientName }) => gradientName).join(", ");
    return `${this.subject}: ${names} agree with finite differences`;
  }

  /** A table with one line for each gradient. */
  toMimeBundle(): MimeBundle {
    return tableBundle({
      title: `${this.subject}: all gradients agree with finite differences`,
      columns: ["gradient", "shape", "entries checked", "largest relative error"],
      rows: this.results.map(({ gradientName, shape, checked, worstError }) => [
        gradientName,
        shapeText(shape),
        `${groupDigits(checked)} of ${groupDigits(sizeOf(shape))}`,
        worstError.toExponential(1),
      ]),
    });
  }

  static {
    showItself(GradientReport);
  }
}
