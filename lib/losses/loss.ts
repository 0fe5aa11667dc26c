// What every loss is: one number for how wrong the predictions are, and its gradient.
import { type MimeBundle, settingsText, showItself } from "../display.ts";
import { timesRanks } from "../ops/ranks.ts";
import type { Tensor } from "../tensor.ts";

/** How the errors of all examples become one number. */
export type Reduction = "mean" | "sum";

/** The words of `Reduction`, the usual one first. */
export const REDUCTIONS: readonly Reduction[] = ["mean", "sum"];

/**
 * A loss or its gradient, any shape, which was summed as `reduction` says. Ranks that share a batch take the mean of what
 * they have, so a sum over the rows of one must count for all.
 */
export function reducedBy(reduction: string, x: Tensor): Tensor {
  return reduction === "mean" ? x : timesRanks(x);
}

/** A measure of error; `backward` starts the backward pass of a model. */
export abstract class Loss {
  /** The loss `[]` of predictions against what was wanted. */
  abstract forward(predictions: Tensor, targets: Tensor): Tensor;

  /**
   * Gradient of the last loss with respect to its predictions, in their shape.
   *
   * @throws {StateError} when `forward` has not run
   */
  abstract backward(): Tensor;

  /** Name and settings. */
  toString(): string {
    return this.constructor.name;
  }

  /** What a notebook shows: without what `forward` has saved. */
  toMimeBundle(): MimeBundle {
    const settings = settingsText(this);
    const { name } = this.constructor;
    return { "text/plain": settings === "" ? name : `${name}: ${settings}` };
  }

  static {
    showItself(Loss);
  }
}
