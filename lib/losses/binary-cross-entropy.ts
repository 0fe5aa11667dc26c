// Binary cross-entropy: yes-or-no questions, from logits or from probabilities.
import { checkChoices } from "../check.ts";
import { checkTargets } from "../layer-check.ts";
import { add, div, maximum, mul, sub } from "../ops/arithmetic.ts";
import { abs, exp, log, neg, sigmoid } from "../ops/elementwise.ts";
import { sum } from "../ops/reduce.ts";
import { savedByForward } from "../saved.ts";
import type { Tensor } from "../tensor.ts";
import { Loss, reducedBy, type Reduction, REDUCTIONS } from "./loss.ts";

/** Settings of binary cross-entropy. */
export interface BinaryCrossEntropyOptions {
  /** What the predictions are: numbers before a sigmoid, or probabilities after one. */
  readonly from?: "logits" | "probabilities";
  /** Whether the loss is the mean or the sum over all predictions. */
  readonly reduction?: Reduction;
}

// log(0) is minus infinity, whose product with a target of 0 is no number; -100 is exp's end in float32.
const SMALLEST_LOG = -100;
// p * (1 - p) is 0 at both ends; this keeps the gradient finite there.
const SMALLEST_VARIANCE = 1e-12;

/**
 * Binary cross-entropy.
 *
 * loss = mean over i of -(targets[i] * log(p[i]) + (1 - targets[i]) * log(1 - p[i]))
 *
 * With `from: "logits"` (the default) p = sigmoid(predictions), and the loss is computed in a form in
 * which no exp overflows and no logarithm meets 0. With `from: "probabilities"` p = predictions; take it
 * when a model must end in `Sigmoid`. Targets may lie between 0 and 1.
 *
 * @saved predictions and targets, because the gradient is made of both
 * @source Bishop 2006, "Pattern Recognition and Machine Learning", equations 4.90 and 4.91
 * @differs PyTorch has two classes, BCEWithLogitsLoss and BCELoss; the numbers are the same, with its bounds at
 *   probabilities of 0 and 1
 */
export class BinaryCrossEntropyLoss extends Loss {
  readonly from: "logits" | "probabilities";
  readonly reduction: Reduction;
  // Both enter the gradient.
  private savedPredictions: Tensor | undefined;
  private savedTargets: Tensor | undefined;

  /** @throws {ArgumentError} when a setting is none of its words */
  constructor({ from = "logits", reduction = "mean" }: BinaryCrossEntropyOptions = {}) {
    super();
    checkChoices("BinaryCrossEntropyLoss", { from }, ["logits", "probabilities"]);
    checkChoices("BinaryCrossEntropyLoss", { reduction }, REDUCTIONS);
    this.from = from;
    this.reduction = reduction;
  }

  /**
   * @param predictions - any shape
   * @param targets - same shape, numbers in 0..1
   * @returns `[]`
   * @throws {ShapeError} when the shapes differ
   * @throws {DTypeError} when the element types differ
   */
  forward(predictions: Tensor, targets: Tensor): Tensor {
    checkTargets("BinaryCrossEntropyLoss", targets, predictions);
    this.savedPredictions = predictions;
    this.savedTargets = targets;
    const each =
      this.from === "logits"
        ? lossOfLogits(predictions, targets)
        : lossOfProbabilities(predictions, targets);
    return reducedBy(this.reduction, div(sum(each), this.divisor(predictions)));
  }

  backward(): Tensor {
    const predictions = savedByForward(this.savedPredictions, this);
    const targets = savedByForward(this.savedTargets, this);
    const gradient =
      this.from === "logits"
        ? // gradLogits = sigmoid(logits) - targets
          sub(sigmoid(predictions), targets)
        : gradientOfProbabilities(predictions, targets);
    return reducedBy(this.reduction, div(gradient, this.divisor(predictions)));
  }

  private divisor(predictions: Tensor): number {
    return this.reduction === "mean" ? predictions.size : 1;
  }

  override toString(): string {
    return `BinaryCrossEntropyLoss(from ${this.from})`;
  }
}

function lossOfLogits(logits: Tensor, targets: Tensor): Tensor {
  // -log(sigmoid(z)) = log(1 + exp(-z)), and with |z| the exp never exceeds 1:
  // loss = max(z, 0) - z * t + log(1 + exp(-|z|))
  const tail = log(add(exp(neg(abs(logits))), 1));
  return add(sub(maximum(logits, 0), mul(logits, targets)), tail);
}

function lossOfProbabilities(probabilities: Tensor, targets: Tensor): Tensor {
  const logYes = maximum(log(probabilities), SMALLEST_LOG);
  const logNo = maximum(log(sub(1, probabilities)), SMALLEST_LOG);
  // loss = -(t * log(p) + (1 - t) * log(1 - p))
  return neg(add(mul(targets, logYes), mul(sub(1, targets), logNo)));
}

function gradientOfProbabilities(probabilities: Tensor, targets: Tensor): Tensor {
  const variance = mul(probabilities, sub(1, probabilities));
  // gradient = (p - t) / (p * (1 - p))
  return div(sub(probabilities, targets), maximum(variance, SMALLEST_VARIANCE));
}
