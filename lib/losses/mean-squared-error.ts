// Squared error: the loss of regression.
import { checkChoices } from "../check.ts";
import { checkTargets } from "../layer-check.ts";
import { mul, sub } from "../ops/arithmetic.ts";
import { sum } from "../ops/reduce.ts";
import { savedByForward } from "../saved.ts";
import type { Tensor } from "../tensor.ts";
import { Loss, reducedBy, type Reduction, REDUCTIONS } from "./loss.ts";

/**
 * Mean squared error.
 *
 * loss = mean over i of (predictions[i] - targets[i])², over all numbers of all examples
 *
 * With `reduction: "sum"` it is the sum; with `"half"` half the sum, whose gradient is just the difference.
 *
 * @saved the difference, because the gradient is a multiple of it
 * @source James, Witten, Hastie & Tibshirani 2021, "An Introduction to Statistical Learning", equations 2.5 and 10.23
 * @differs some textbooks average over examples only; this one, like PyTorch, averages over all numbers
 */
export class MeanSquaredErrorLoss extends Loss {
  readonly reduction: Reduction | "half";
  // predictions - targets
  private savedDifference: Tensor | undefined;

  /** @throws {ArgumentError} when reduction is none of its words */
  constructor({ reduction = "mean" }: { readonly reduction?: Reduction | "half" } = {}) {
    super();
    checkChoices("MeanSquaredErrorLoss", { reduction }, [...REDUCTIONS, "half"]);
    this.reduction = reduction;
  }

  /**
   * @param predictions - any shape
   * @param targets - same shape
   * @returns `[]`
   * @throws {ShapeError} when the shapes differ
   * @throws {DTypeError} when the element types differ
   */
  forward(predictions: Tensor, targets: Tensor): Tensor {
    checkTargets("MeanSquaredErrorLoss", targets, predictions);
    const difference = sub(predictions, targets);
    this.savedDifference = difference;
    // loss = factor * sum over i of difference[i]²
    const total = sum(mul(difference, difference)); // []
    return reducedBy(this.reduction, mul(total, this.factor(predictions)));
  }

  backward(): Tensor {
    const difference = savedByForward(this.savedDifference, this);
    // gradient = factor * 2 * difference
    return reducedBy(this.reduction, mul(difference, 2 * this.factor(difference)));
  }

  private factor(predictions: Tensor): number {
    return { mean: 1 / predictions.size, sum: 1, half: 0.5 }[this.reduction];
  }
}
